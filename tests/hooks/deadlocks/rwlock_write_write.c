// EXPECT: rule=deadlock grade=proven threads=2 kinds=rwlock,rwlock names=left,right
// INSPECT: rule=deadlock grade=proven threads=2 kinds=rwlock,rwlock names=left,right
// Two threads write-lock two rwlocks in opposite order.
#include "support.h"

static pthread_rwlock_t left = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t right = PTHREAD_RWLOCK_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  name_thread("left first");
  CHECK(pthread_rwlock_wrlock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_rwlock_wrlock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK(pthread_rwlock_wrlock(&right));
  meet(&both_hold_one, 2);
  CHECK(pthread_rwlock_wrlock(&left));
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
