// Both orders, but nobody ever writes.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_rwlock_t names = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t places = PTHREAD_RWLOCK_INITIALIZER;

void print(void) {
  pthread_rwlock_rdlock(&names);
  pthread_rwlock_rdlock(&places);
  pthread_rwlock_unlock(&places);
  pthread_rwlock_unlock(&names);
}

void search(void) {
  pthread_rwlock_rdlock(&places);
  pthread_rwlock_rdlock(&names);
  pthread_rwlock_unlock(&names);
  pthread_rwlock_unlock(&places);
}
