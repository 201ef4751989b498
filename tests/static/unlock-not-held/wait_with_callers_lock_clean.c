// The caller holds the mutex that is waited with.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void wait_locked(void) {
  while (!ready) pthread_cond_wait(&changed, &lock);
}

int take(void) {
  pthread_mutex_lock(&lock);
  wait_locked();
  int result = ready--;
  pthread_mutex_unlock(&lock);
  return result;
}
