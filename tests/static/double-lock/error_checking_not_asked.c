// An error-checking mutex refuses its owner, and nobody looks at what it says: the first release is the last.
// FLAGS: -D_GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t state_lock = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static int state;

static int state_get(void) {
  pthread_mutex_lock(&state_lock);
  int result = state;
  pthread_mutex_unlock(&state_lock);
  return result;
}

void state_next(void) {
  pthread_mutex_lock(&state_lock);
  state = state_get() + 1;  // EXPECT: double-lock "state_lock"
  pthread_mutex_unlock(&state_lock);
}
