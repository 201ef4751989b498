// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two C11 mutexes in opposite order, on threads from thrd_create.
#include <threads.h>

#include "support.h"

static mtx_t left, right;
static int both_hold_one;

static int left_then_right(void* argument) {
  (void)argument;
  CHECK_THAT(mtx_lock(&left) == thrd_success);
  meet(&both_hold_one, 2);
  CHECK_THAT(mtx_lock(&right) == thrd_success);
  return 0;
}

static int right_then_left(void* argument) {
  (void)argument;
  CHECK_THAT(mtx_lock(&right) == thrd_success);
  meet(&both_hold_one, 2);
  CHECK_THAT(mtx_lock(&left) == thrd_success);
  return 0;
}

int main(void) {
  CHECK_THAT(mtx_init(&left, mtx_plain) == thrd_success);
  CHECK_THAT(mtx_init(&right, mtx_plain) == thrd_success);
  thrd_t a, b;
  CHECK_THAT(thrd_create(&a, left_then_right, NULL) == thrd_success);
  CHECK_THAT(thrd_create(&b, right_then_left, NULL) == thrd_success);
  CHECK_THAT(thrd_join(a, NULL) == thrd_success);
  CHECK_THAT(thrd_join(b, NULL) == thrd_success);
  return 0;
}
