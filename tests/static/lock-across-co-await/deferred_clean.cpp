// A guard that has not locked yet holds nothing.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  std::unique_lock lock(mutex, std::defer_lock);
  co_await Delay{1};
  lock.lock();
  ++value;
}
