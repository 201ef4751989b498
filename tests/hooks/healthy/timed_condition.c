// Condition waits that nobody will ever signal, but that end by themselves, on both clocks.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void* wait_on_realtime(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  struct timespec deadline = from_now(CLOCK_REALTIME, 500);
  int error = 0;
  while (error == 0) error = pthread_cond_timedwait(&never, &lock, &deadline);
  CHECK_THAT(error == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

static void* wait_on_monotonic(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  struct timespec deadline = from_now(CLOCK_MONOTONIC, 600);
  int error = 0;
  while (error == 0) error = pthread_cond_clockwait(&never, &lock, CLOCK_MONOTONIC, &deadline);
  CHECK_THAT(error == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  pthread_t a = start(wait_on_realtime, NULL);
  pthread_t b = start(wait_on_monotonic, NULL);
  join(a);
  join(b);
  puts("both timed out");
  return 0;
}
