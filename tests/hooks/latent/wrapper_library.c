// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex
// CONFIRM: reachable=yes
// Locks are made, taken and given back by a shared library: one call site there for all of them.
#include "in_turns.h"
#include "library/lock_wrapper.h"

static struct Lock *left, *right;

static void left_then_right(void) {
  lock_take(left);
  lock_take(right);
  lock_give(right);
  lock_give(left);
}

static void right_then_left(void) {
  lock_take(right);
  lock_take(left);
  lock_give(left);
  lock_give(right);
}

int main(void) {
  left = lock_new();
  right = lock_new();
  two_turns(left_then_right, right_then_left);
  return 0;
}
