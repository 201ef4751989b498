// A class runs what it is given at the end of a scope; each object has its own.
// FLAGS: -std=c++17
#include <functional>
#include <mutex>
#include <utility>

class Defer {
 public:
  explicit Defer(std::function<void()>&& action) : action_(std::move(action)) {}
  ~Defer() { action_(); }
  Defer(const Defer&) = delete;
  Defer& operator=(const Defer&) = delete;

 private:
  std::function<void()> action_;
};

static std::mutex mutex;
static int open_files, pending;

void close_later() {
  Defer closing([] {
    std::lock_guard<std::mutex> hold(mutex);
    --open_files;
  });
}

void count() {
  std::lock_guard<std::mutex> hold(mutex);
  Defer counting([] { ++pending; });
}

void count_wrongly() {
  std::lock_guard<std::mutex> hold(mutex);
  Defer counting([] {
    std::lock_guard<std::mutex> again(mutex);  // EXPECT: double-lock
    ++pending;
  });
}
