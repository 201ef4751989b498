// EXPECT: rule=deadlock grade=proven threads=2 kinds=spinlock,spinlock names=left,right
// INSPECT: nothing
// Two threads take two spinlocks in opposite order; they burn their processors for ever.
#include "support.h"

static pthread_spinlock_t left, right;
static int both_hold_one;

static void* left_then_right(void* argument) {
  name_thread("left first");
  CHECK(pthread_spin_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_spin_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK(pthread_spin_lock(&right));
  meet(&both_hold_one, 2);
  CHECK(pthread_spin_lock(&left));
  return argument;
}

int main(void) {
  CHECK(pthread_spin_init(&left, PTHREAD_PROCESS_PRIVATE));
  CHECK(pthread_spin_init(&right, PTHREAD_PROCESS_PRIVATE));
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
