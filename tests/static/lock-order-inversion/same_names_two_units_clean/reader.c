// Each unit has a static mutex of the same name: two locks, not one.
#include <pthread.h>

extern pthread_mutex_t shared_lock;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void read_all(void) {
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&shared_lock);
  pthread_mutex_unlock(&shared_lock);
  pthread_mutex_unlock(&lock);
}
