// Each round locks in a block of its own and suspends behind it.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int left = 3;

Task drain() {
  for (;;) {
    {
      std::lock_guard hold(mutex);
      if (left == 0) co_return;
      --left;
    }
    co_await Delay{1};
  }
}
