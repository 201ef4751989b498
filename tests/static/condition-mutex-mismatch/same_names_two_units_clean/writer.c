// These are others.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int written;

void await_written(void) {
  pthread_mutex_lock(&lock);
  while (!written) pthread_cond_wait(&changed, &lock);
  written = 0;
  pthread_mutex_unlock(&lock);
}
