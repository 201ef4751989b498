// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right
// Both orders, in two threads that fight for the locks, but always under one guard.
#include "support.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* left_then_right(void* argument) {
  for (int i = 0; i < 500; ++i) {
    CHECK(pthread_mutex_lock(&guard));
    take_both(&left, &right);
    CHECK(pthread_mutex_unlock(&guard));
  }
  return argument;
}

static void* right_then_left(void* argument) {
  for (int i = 0; i < 500; ++i) {
    CHECK(pthread_mutex_lock(&guard));
    take_both(&right, &left);
    CHECK(pthread_mutex_unlock(&guard));
  }
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
