// The values are copied under the lock and yielded without it.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

static std::mutex mutex;
static int values[4];

static int value_at(int i) {
  std::lock_guard hold(mutex);
  return values[i];
}

Generator all() {
  for (int i = 0; i < 4; ++i) co_yield value_at(i);
}

void set(int i, int value) {
  std::lock_guard hold(mutex);
  values[i] = value;
}
