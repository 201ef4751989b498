// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,thread names=lock optional
// Two threads that join each other would hang, but these joins are timed or only tried.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void* lock_and_end(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  CHECK(pthread_mutex_lock(&lock));
  pthread_t worker = start(lock_and_end, NULL);
  CHECK_THAT(pthread_tryjoin_np(worker, NULL) == EBUSY);
  struct timespec deadline = from_now(CLOCK_REALTIME, 300);
  CHECK_THAT(pthread_timedjoin_np(worker, NULL, &deadline) == ETIMEDOUT);
  deadline = from_now(CLOCK_MONOTONIC, 300);
  CHECK_THAT(pthread_clockjoin_np(worker, NULL, CLOCK_MONOTONIC, &deadline) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&lock));
  deadline = from_now(CLOCK_MONOTONIC, 10000);
  CHECK(pthread_clockjoin_np(worker, NULL, CLOCK_MONOTONIC, &deadline));
  puts("joined at last");
  return 0;
}
