// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two threads take two normal mutexes in opposite order.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  name_thread("left first");
  CHECK(pthread_mutex_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK(pthread_mutex_lock(&right));
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
