// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right optional
// A crossed pair with pthread_mutex_clocklock on the monotonic clock: one side gives up after 500 ms.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* patient(void* argument) {
  CHECK(pthread_mutex_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
  return argument;
}

static void* impatient(void* argument) {
  CHECK(pthread_mutex_lock(&right));
  meet(&both_hold_one, 2);
  struct timespec deadline = from_now(CLOCK_MONOTONIC, 500);
  CHECK_THAT(pthread_mutex_clocklock(&left, CLOCK_MONOTONIC, &deadline) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&right));
  return argument;
}

int main(void) {
  pthread_t a = start(patient, NULL);
  pthread_t b = start(impatient, NULL);
  join(a);
  join(b);
  puts("one gave up, both done");
  return 0;
}
