// What the coroutine calls locks and unlocks.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

static int next() {
  std::lock_guard hold(mutex);
  return ++value;
}

Task update() {
  co_await Delay{next()};
}
