// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=rwlock,rwlock names=left,right optional
// A reader upgrade and a crossed pair, with every timed call of the rwlock family: all run out.
#include "support.h"

static pthread_rwlock_t left = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t right = PTHREAD_RWLOCK_INITIALIZER;
static int both_hold_one, both_timed_out;

static void* write_left(void* argument) {
  CHECK(pthread_rwlock_wrlock(&left));
  meet(&both_hold_one, 2);
  struct timespec deadline = from_now(CLOCK_REALTIME, 300);
  CHECK_THAT(pthread_rwlock_timedrdlock(&right, &deadline) == ETIMEDOUT);
  deadline = from_now(CLOCK_MONOTONIC, 100);
  CHECK_THAT(pthread_rwlock_clockrdlock(&right, CLOCK_MONOTONIC, &deadline) == ETIMEDOUT);
  meet(&both_timed_out, 2);
  CHECK(pthread_rwlock_unlock(&left));
  return argument;
}

static void* write_right(void* argument) {
  CHECK(pthread_rwlock_wrlock(&right));
  meet(&both_hold_one, 2);
  struct timespec deadline = from_now(CLOCK_REALTIME, 300);
  CHECK_THAT(pthread_rwlock_timedwrlock(&left, &deadline) == ETIMEDOUT);
  deadline = from_now(CLOCK_MONOTONIC, 100);
  CHECK_THAT(pthread_rwlock_clockwrlock(&left, CLOCK_MONOTONIC, &deadline) == ETIMEDOUT);
  meet(&both_timed_out, 2);
  CHECK(pthread_rwlock_unlock(&right));
  return argument;
}

int main(void) {
  pthread_t a = start(write_left, NULL);
  pthread_t b = start(write_right, NULL);
  join(a);
  join(b);
  CHECK(pthread_rwlock_rdlock(&left));
  struct timespec deadline = from_now(CLOCK_REALTIME, 300);
  CHECK_THAT(pthread_rwlock_timedwrlock(&left, &deadline) == ETIMEDOUT);
  CHECK(pthread_rwlock_unlock(&left));
  puts("all timed out");
  return 0;
}
