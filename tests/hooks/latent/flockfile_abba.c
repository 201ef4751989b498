// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=stdio lock,stdio lock
// CONFIRM: reachable=yes
// Two stdio streams locked in opposite order.
#include "in_turns.h"

static FILE* left;
static FILE* right;

static void left_then_right(void) {
  flockfile(left);
  flockfile(right);
  funlockfile(right);
  funlockfile(left);
}

static void right_then_left(void) {
  flockfile(right);
  flockfile(left);
  funlockfile(left);
  funlockfile(right);
}

int main(void) {
  left = fopen("/dev/null", "w");
  right = fopen("/dev/null", "w");
  CHECK_THAT(left != NULL && right != NULL);
  two_turns(left_then_right, right_then_left);
  return 0;
}
