// Where the lock was not got there is nothing to release.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

int try_set(int next) {
  if (pthread_mutex_trylock(&lock) != 0) return -1;
  value = next;
  pthread_mutex_unlock(&lock);
  return 0;
}

int timed_set(int next, const struct timespec* until) {
  int result = pthread_mutex_timedlock(&lock, until);
  if (result) return result;
  value = next;
  return pthread_mutex_unlock(&lock);
}
