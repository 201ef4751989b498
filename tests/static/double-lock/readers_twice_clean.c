// A thread may hold several read locks on a pthread_rwlock_t.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_rwlock_t map_lock = PTHREAD_RWLOCK_INITIALIZER;

int map_size(void) {
  pthread_rwlock_rdlock(&map_lock);
  pthread_rwlock_unlock(&map_lock);
  return 0;
}

int map_half(void) {
  pthread_rwlock_rdlock(&map_lock);
  int half = map_size() / 2;
  pthread_rwlock_unlock(&map_lock);
  return half;
}
