// The unique_lock is unlocked before and locked again behind.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  std::unique_lock lock(mutex);
  ++value;
  lock.unlock();
  co_await Delay{1};
  lock.lock();
  ++value;
}
