// lock() before and unlock() behind.
// FLAGS: -std=c++2b
#include <pthread.h>

#include "coroutine.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

Task update() {
  pthread_mutex_lock(&lock);
  value += co_await Delay{5};  // EXPECT: lock-across-co-await
  pthread_mutex_unlock(&lock);
}
