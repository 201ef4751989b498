// A trylock on a lock that is held fails and does not block.
#include <pthread.h>

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static int samples, skipped;

static void sample(void) {
  if (pthread_mutex_trylock(&stats_lock) == 0) {
    samples++;
    pthread_mutex_unlock(&stats_lock);
  }
}

void sample_twice(void) {
  pthread_mutex_lock(&stats_lock);
  skipped++;
  sample();
  pthread_mutex_unlock(&stats_lock);
}
