// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Two C11 mutexes in opposite order, on threads from thrd_create.
#include <threads.h>

#include "in_turns.h"

static mtx_t left;
static mtx_t right;
static int gate;
static int first_is_over;

static void take_both(mtx_t* first, mtx_t* second) {
  CHECK_THAT(mtx_lock(first) == thrd_success);
  CHECK_THAT(mtx_lock(second) == thrd_success);
  CHECK_THAT(mtx_unlock(second) == thrd_success);
  CHECK_THAT(mtx_unlock(first) == thrd_success);
}

static int left_then_right(void* argument) {
  (void)argument;
  meet(&gate, 2);
  take_both(&left, &right);
  raise_flag(&first_is_over);
  return 0;
}

static int right_then_left(void* argument) {
  (void)argument;
  meet(&gate, 2);
  await_flag_for(&first_is_over, kPatience);
  take_both(&right, &left);
  return 0;
}

int main(void) {
  thrd_t a, b;
  CHECK_THAT(mtx_init(&left, mtx_plain) == thrd_success);
  CHECK_THAT(mtx_init(&right, mtx_plain) == thrd_success);
  CHECK_THAT(thrd_create(&a, left_then_right, NULL) == thrd_success);
  CHECK_THAT(thrd_create(&b, right_then_left, NULL) == thrd_success);
  CHECK_THAT(thrd_join(a, NULL) == thrd_success);
  CHECK_THAT(thrd_join(b, NULL) == thrd_success);
  return 0;
}
