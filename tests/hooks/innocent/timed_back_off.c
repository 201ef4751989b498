// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right
// One direction waits for ever, the other at most 20 ms, and then gives back what it has.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* left_then_right(void* argument) {
  for (int i = 0; i < 200; ++i) take_both(&left, &right);
  return argument;
}

static int take_with_patience(void) {
  const struct timespec end = from_now(CLOCK_REALTIME, 20);
  CHECK(pthread_mutex_lock(&right));
  const int result = pthread_mutex_timedlock(&left, &end);
  CHECK_THAT(result == 0 || result == ETIMEDOUT);
  if (result == 0) CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
  return result == 0;
}

static void* right_then_left(void* argument) {
  while (!take_with_patience()) sched_yield();
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
