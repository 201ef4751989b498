// EXPECT: rule=deadlock grade=proven threads=2 kinds=stdio lock,stdio lock
// INSPECT: rule=deadlock grade=proven threads=2 kinds=stdio lock,stdio lock
// Two threads lock two stdio streams in opposite order.
#include "support.h"

static FILE *left, *right;
static int both_hold_one;

static void* left_then_right(void* argument) {
  name_thread("left first");
  flockfile(left);
  meet(&both_hold_one, 2);
  flockfile(right);
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  flockfile(right);
  meet(&both_hold_one, 2);
  flockfile(left);
  return argument;
}

int main(void) {
  left = fopen("/dev/null", "w");
  right = fopen("/dev/null", "w");
  CHECK_THAT(left != NULL && right != NULL);
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
