// The lock is given back for the call that takes it.
#include <pthread.h>

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static int queued, running;

static void run_one(void) {
  pthread_mutex_lock(&queue_lock);
  running++;
  pthread_mutex_unlock(&queue_lock);
}

void run_all(void) {
  pthread_mutex_lock(&queue_lock);
  while (queued > 0) {
    queued--;
    pthread_mutex_unlock(&queue_lock);
    run_one();
    pthread_mutex_lock(&queue_lock);
  }
  pthread_mutex_unlock(&queue_lock);
}
