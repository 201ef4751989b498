// The second round suspends with the lock of the first.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int left = 3;

Task drain() {
  std::unique_lock lock(mutex, std::defer_lock);
  for (int round = 0; round < 3; ++round) {
    co_await Delay{round};  // EXPECT: lock-across-co-await
    if (!lock.owns_lock()) lock.lock();
    --left;
  }
}
