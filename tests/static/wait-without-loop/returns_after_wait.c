// The loop is left after the first wait.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int version;

int next_version(int seen) {
  pthread_mutex_lock(&lock);
  while (version == seen) {
    pthread_cond_wait(&changed, &lock);  // EXPECT: wait-without-loop
    break;
  }
  int result = version;
  pthread_mutex_unlock(&lock);
  return result;
}

void bump(void) {
  pthread_mutex_lock(&lock);
  version++;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}
