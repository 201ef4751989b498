// Only one branch suspends under the lock.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update(bool slow) {
  std::unique_lock lock(mutex);
  if (slow) {
    co_await Delay{10};  // EXPECT: lock-across-co-await
  } else {
    lock.unlock();
    co_await Delay{1};
    lock.lock();
  }
  ++value;
}
