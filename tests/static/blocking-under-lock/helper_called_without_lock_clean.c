// The helper sleeps only when it is asked to, and is asked only where no lock is held.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

static int helper(int patient) {
  if (patient) usleep(100);
  return 1;
}

void step(int patient) {
  int amount = helper(patient);
  pthread_mutex_lock(&lock);
  value += amount;
  pthread_mutex_unlock(&lock);
}

void quick_step(void) {
  pthread_mutex_lock(&lock);
  value += helper(0);
  pthread_mutex_unlock(&lock);
}
