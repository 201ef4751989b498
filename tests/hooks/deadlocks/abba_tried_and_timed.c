// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// The first locks are had by trylock and timedlock; the waits that close the cycle are plain and never end.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  name_thread("tries left");
  CHECK(pthread_mutex_trylock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("times right");
  struct timespec deadline = from_now(CLOCK_REALTIME, 1000);
  CHECK(pthread_mutex_timedlock(&right, &deadline));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&left));
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
