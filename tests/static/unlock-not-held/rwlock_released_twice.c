// A reader leaves twice.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static const int limits[4] = {1, 2, 3, 4};

int limit_of(int kind) {
  pthread_rwlock_rdlock(&lock);
  int limit = limits[kind & 3];
  pthread_rwlock_unlock(&lock);
  if (limit > 2) pthread_rwlock_unlock(&lock);  // EXPECT: unlock-not-held
  return limit;
}
