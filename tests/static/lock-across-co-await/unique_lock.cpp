// A unique_lock that is unlocked too late.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  std::unique_lock lock(mutex);
  int before = value;
  co_await Delay{before};  // EXPECT: lock-across-co-await
  lock.unlock();
}
