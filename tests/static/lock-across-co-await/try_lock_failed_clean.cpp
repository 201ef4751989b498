// It suspends only where try_lock failed.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  while (!mutex.try_lock()) co_await Delay{1};
  ++value;
  mutex.unlock();
}
