// A guard class of the project's own.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

class Section {
 public:
  explicit Section(std::mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Section() { mutex_.unlock(); }

 private:
  std::mutex& mutex_;
};

static std::mutex mutex;

Task step() {
  Section section(mutex);
  co_await Delay{1};  // EXPECT: lock-across-co-await
}
