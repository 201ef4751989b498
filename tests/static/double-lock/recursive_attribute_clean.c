// A mutex that is made recursive by its attribute.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_mutex_t state_lock;
static int state;

int state_setup(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  int result = pthread_mutex_init(&state_lock, &attributes);
  pthread_mutexattr_destroy(&attributes);
  return result;
}

static int state_get(void) {
  pthread_mutex_lock(&state_lock);
  int result = state;
  pthread_mutex_unlock(&state_lock);
  return result;
}

void state_next(void) {
  pthread_mutex_lock(&state_lock);
  state = state_get() + 1;
  pthread_mutex_unlock(&state_lock);
}
