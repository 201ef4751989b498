// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=spinlock,spinlock names=left,right
// CONFIRM: reachable=yes
// Two spinlocks in opposite order.
#include "in_turns.h"

static pthread_spinlock_t left;
static pthread_spinlock_t right;

static void left_then_right(void) {
  CHECK(pthread_spin_lock(&left));
  CHECK(pthread_spin_lock(&right));
  CHECK(pthread_spin_unlock(&right));
  CHECK(pthread_spin_unlock(&left));
}

static void right_then_left(void) {
  CHECK(pthread_spin_lock(&right));
  CHECK(pthread_spin_lock(&left));
  CHECK(pthread_spin_unlock(&left));
  CHECK(pthread_spin_unlock(&right));
}

int main(void) {
  CHECK(pthread_spin_init(&left, PTHREAD_PROCESS_PRIVATE));
  CHECK(pthread_spin_init(&right, PTHREAD_PROCESS_PRIVATE));
  two_turns(left_then_right, right_then_left);
  return 0;
}
