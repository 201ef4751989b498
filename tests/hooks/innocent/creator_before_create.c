// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right
// A thread that is not main locks, and then makes the thread that locks the other way round.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* right_then_left(void* argument) {
  take_both(&right, &left);
  return argument;
}

static void* left_then_right(void* argument) {
  take_both(&left, &right);
  *(pthread_t*)argument = start(right_then_left, NULL);
  return NULL;
}

int main(void) {
  pthread_t second;
  join(start(left_then_right, &second));
  join(second);
  return 0;
}
