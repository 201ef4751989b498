// co_yield suspends as well.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int values[4];

Generator all() {
  std::lock_guard hold(mutex);
  for (int value : values) co_yield value;  // EXPECT: lock-across-co-await
}

void set(int i, int value) {
  std::lock_guard hold(mutex);
  values[i] = value;
}
