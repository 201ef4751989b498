// The coroutine is a lambda.
// FLAGS: -std=c++2b
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;

void start() {
  auto step = []() -> Task {
    std::lock_guard hold(mutex);
    co_await Delay{1};  // EXPECT: lock-across-co-await
  };
  step();
}
