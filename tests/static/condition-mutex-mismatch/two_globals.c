// Two functions wait on one condition with different mutexes.
#include <pthread.h>

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int queued, stale;

void await_work(void) {
  pthread_mutex_lock(&queue_lock);
  while (queued == 0) pthread_cond_wait(&changed, &queue_lock);  // EXPECT: condition-mutex-mismatch "changed"
  queued--;
  pthread_mutex_unlock(&queue_lock);
}

void await_stale(void) {
  pthread_mutex_lock(&stats_lock);
  while (!stale) pthread_cond_wait(&changed, &stats_lock);  // EXPECT: condition-mutex-mismatch "changed"
  stale = 0;
  pthread_mutex_unlock(&stats_lock);
}
