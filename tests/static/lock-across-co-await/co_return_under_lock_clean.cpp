// co_return leaves the scope; the guard is gone before the last suspension.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  co_await Delay{1};
  std::lock_guard hold(mutex);
  ++value;
  co_return;
}
