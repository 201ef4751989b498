// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right
// Twenty threads with two orders; each is joined before the next one is made.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* left_then_right(void* argument) {
  take_both(&left, &right);
  return argument;
}

static void* right_then_left(void* argument) {
  take_both(&right, &left);
  return argument;
}

int main(void) {
  for (int i = 0; i < 10; ++i) {
    join(start(left_then_right, NULL));
    join(start(right_then_left, NULL));
  }
  return 0;
}
