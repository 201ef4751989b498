// An `if` counts the waiters; the loop is inside.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static int used, waiters;

void acquire(void) {
  pthread_mutex_lock(&lock);
  if (used) {
    waiters++;
    do {
      pthread_cond_wait(&freed, &lock);
    } while (used);
    waiters--;
  }
  used = 1;
  pthread_mutex_unlock(&lock);
}

void release(void) {
  pthread_mutex_lock(&lock);
  used = 0;
  if (waiters > 0) pthread_cond_signal(&freed);
  pthread_mutex_unlock(&lock);
}
