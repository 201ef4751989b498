// What a temporary owner held has gone to another when it ends.
// FLAGS: -std=c++11
#include <memory>
#include <mutex>

static std::mutex mutex;
static int handles;

struct Handle {
  virtual ~Handle() {}
};

struct Counted : Handle {
  ~Counted() override {
    std::lock_guard<std::mutex> hold(mutex);
    --handles;
  }
};

std::unique_ptr<Handle> open_handle() {
  std::lock_guard<std::mutex> hold(mutex);
  ++handles;
  return std::unique_ptr<Counted>(new Counted);
}
