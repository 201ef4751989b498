// A function that only unlocks does so for its callers.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void gate_leave(void) {
  pthread_mutex_unlock(&lock);
}
void gate_enter(void) {
  pthread_mutex_lock(&lock);
}
