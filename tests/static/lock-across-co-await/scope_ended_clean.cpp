// The guard's scope ends before the suspension.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  int before;
  {
    std::lock_guard hold(mutex);
    before = ++value;
  }
  co_await Delay{before};
  std::lock_guard hold(mutex);
  ++value;
}
