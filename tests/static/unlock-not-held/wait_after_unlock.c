// A wait on a condition, with the mutex released before it.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

void wait_until_ready(void) {
  pthread_mutex_lock(&lock);
  int seen = ready;
  pthread_mutex_unlock(&lock);
  while (!seen) {
    pthread_cond_wait(&changed, &lock);  // EXPECT: unlock-not-held "waits on a condition with lock"
    seen = ready;
  }
}
