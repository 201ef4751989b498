// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=rwlock,rwlock names=left,right
// CONFIRM: reachable=yes
// Each thread reads one lock and then asks for the write side of the other.
#include "in_turns.h"

static pthread_rwlock_t left = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t right = PTHREAD_RWLOCK_INITIALIZER;

static void left_then_right(void) {
  CHECK(pthread_rwlock_rdlock(&left));
  CHECK(pthread_rwlock_wrlock(&right));
  CHECK(pthread_rwlock_unlock(&right));
  CHECK(pthread_rwlock_unlock(&left));
}

static void right_then_left(void) {
  CHECK(pthread_rwlock_rdlock(&right));
  CHECK(pthread_rwlock_wrlock(&left));
  CHECK(pthread_rwlock_unlock(&left));
  CHECK(pthread_rwlock_unlock(&right));
}

int main(void) {
  two_turns(left_then_right, right_then_left);
  return 0;
}
