// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=never (an atomic flag orders the two threads)
// The orders conflict, but an atomic flag keeps the two apart in every schedule. Lock orders alone cannot
// tell, so it is possible; steering must not confirm it.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int first_is_over;

static void* left_then_right(void* argument) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
  raise_flag(&first_is_over);
  return argument;
}

static void* right_then_left(void* argument) {
  await_flag(&first_is_over);
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
