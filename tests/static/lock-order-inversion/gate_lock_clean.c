// Both orders, but each only under a third lock: one thread at a time can be there.
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t north = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t south = PTHREAD_MUTEX_INITIALIZER;

void southwards(void) {
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&north);
  pthread_mutex_lock(&south);  // EXPECT: lock-order-inversion unlikely
  pthread_mutex_unlock(&south);
  pthread_mutex_unlock(&north);
  pthread_mutex_unlock(&gate);
}

void northwards(void) {
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&south);
  pthread_mutex_lock(&north);  // EXPECT: lock-order-inversion unlikely
  pthread_mutex_unlock(&north);
  pthread_mutex_unlock(&south);
  pthread_mutex_unlock(&gate);
}
