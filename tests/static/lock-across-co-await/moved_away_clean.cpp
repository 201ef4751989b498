// The lock was moved into a function that released it.
// FLAGS: -std=c++20
#include <mutex>
#include <utility>

#include "coroutine.h"

static std::mutex mutex;
static int value;

static void finish(std::unique_lock<std::mutex> lock) {
  ++value;
  lock.unlock();
}

Task update() {
  std::unique_lock lock(mutex);
  finish(std::move(lock));
  co_await Delay{1};
}
