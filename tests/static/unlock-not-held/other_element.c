// Locked by one constant index, unlocked by another.
#include <pthread.h>

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

void pump(int* counter) {
  pthread_mutex_lock(&locks[0]);
  ++*counter;
  pthread_mutex_unlock(&locks[1]);  // EXPECT: unlock-not-held
}  // EXPECT-MAY: missing-unlock
