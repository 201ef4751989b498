// A function that is no coroutine starts one under its lock, and awaits nothing.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int started;

static Task work() {
  co_await Delay{1};
}

void start() {
  std::lock_guard hold(mutex);
  ++started;
  work();
}
