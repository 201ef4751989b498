// An object with a lambda unlocks at the end of the scope.
#include <mutex>
#include <utility>

template <typename Work>
class ScopeExit {
 public:
  explicit ScopeExit(Work work) : work_(std::move(work)) {}
  ~ScopeExit() { work_(); }
  ScopeExit(const ScopeExit&) = delete;

 private:
  Work work_;
};

static std::mutex mutex;
static int value;

int take(int limit) {
  mutex.lock();
  ScopeExit unlock([] { mutex.unlock(); });
  if (value > limit) return limit;
  return ++value;
}
