// Two elements of an array of locks, by constants.
#include <pthread.h>

enum { kInput, kOutput, kLocks };
static pthread_mutex_t locks[kLocks] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

void pump(void) {
  pthread_mutex_lock(&locks[kInput]);
  pthread_mutex_lock(&locks[kOutput]);  // EXPECT: lock-order-inversion
  pthread_mutex_unlock(&locks[kOutput]);
  pthread_mutex_unlock(&locks[kInput]);
}

void rewind_output(void) {
  pthread_mutex_lock(&locks[kOutput]);
  pthread_mutex_lock(&locks[kInput]);  // EXPECT: lock-order-inversion
  pthread_mutex_unlock(&locks[kInput]);
  pthread_mutex_unlock(&locks[kOutput]);
}
