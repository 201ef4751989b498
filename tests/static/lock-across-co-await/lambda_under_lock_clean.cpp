// The lambda that locks is no coroutine.
// FLAGS: -std=c++2b
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int value;

Task update() {
  auto next = [] {
    std::lock_guard hold(mutex);
    return ++value;
  };
  co_await Delay{next()};
  next();
}
