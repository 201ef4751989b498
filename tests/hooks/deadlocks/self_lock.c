// EXPECT: rule=self-deadlock grade=proven threads=1 kinds=mutex names=cache_lock
// INSPECT: rule=self-deadlock grade=proven threads=1 kinds=mutex names=cache_lock
// A program of one thread locks a normal mutex twice.
#include "support.h"

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

static void evict(void) {
  CHECK(pthread_mutex_lock(&cache_lock));
  CHECK(pthread_mutex_unlock(&cache_lock));
}

int main(void) {
  CHECK(pthread_mutex_lock(&cache_lock));
  evict();
  CHECK(pthread_mutex_unlock(&cache_lock));
  return 0;
}
