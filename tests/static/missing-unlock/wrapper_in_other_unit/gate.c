// The gate's lock is known here alone.
#include "gate.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void gate_enter(void) {
  pthread_mutex_lock(&lock);
}
void gate_leave(void) {
  pthread_mutex_unlock(&lock);
}
