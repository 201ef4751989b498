// A lock_guard lives across a suspension.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  std::lock_guard<std::mutex> hold(mutex);
  ++value;
  co_await Delay{10};  // EXPECT: lock-across-co-await "mutex"
  ++value;
}
