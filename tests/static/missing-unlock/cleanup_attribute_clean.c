// The attribute `cleanup` unlocks at the end of the scope.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void unlock_at_end(pthread_mutex_t** mutex) {
  pthread_mutex_unlock(*mutex);
}

int take(int limit) {
  pthread_mutex_lock(&lock);
  __attribute__((cleanup(unlock_at_end))) pthread_mutex_t* held = &lock;
  if (value > limit) return limit;
  return ++value;
}
