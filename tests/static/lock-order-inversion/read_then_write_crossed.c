// Each side reads one lock and asks to write the other.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_rwlock_t routes = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t peers = PTHREAD_RWLOCK_INITIALIZER;

void learn_route(void) {
  pthread_rwlock_rdlock(&peers);
  pthread_rwlock_wrlock(&routes);  // EXPECT: lock-order-inversion
  pthread_rwlock_unlock(&routes);
  pthread_rwlock_unlock(&peers);
}

void drop_peer(void) {
  pthread_rwlock_rdlock(&routes);
  pthread_rwlock_wrlock(&peers);  // EXPECT: lock-order-inversion
  pthread_rwlock_unlock(&peers);
  pthread_rwlock_unlock(&routes);
}
