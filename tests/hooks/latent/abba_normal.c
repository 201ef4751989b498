// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Two threads take two normal mutexes in opposite order.
#include "in_turns.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void left_then_right(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
}

static void right_then_left(void) {
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
}

int main(void) {
  two_turns(left_then_right, right_then_left);
  return 0;
}
