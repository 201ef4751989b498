// Threads meet at a barrier, one of them with a lock.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t phase;
static int phases;

int setup(unsigned threads) {
  return pthread_barrier_init(&phase, 0, threads);
}

void next_phase(void) {
  pthread_mutex_lock(&lock);
  phases++;
  pthread_barrier_wait(&phase);  // EXPECT: blocking-under-lock
  pthread_mutex_unlock(&lock);
}
