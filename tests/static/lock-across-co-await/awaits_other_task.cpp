// Another coroutine is awaited under the lock.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;

static Task fetch() {
  co_await Delay{1};
}

Task refresh() {
  std::lock_guard hold(mutex);
  co_await fetch();  // EXPECT: lock-across-co-await
}
