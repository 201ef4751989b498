// One branch locks, the other suspends.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update(bool slow) {
  if (slow) {
    co_await Delay{1};
  } else {
    std::lock_guard hold(mutex);
    ++value;
  }
}
