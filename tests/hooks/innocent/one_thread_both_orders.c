// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right
// One thread uses both orders; the other one never takes both.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* both_ways(void* argument) {
  take_both(&left, &right);
  take_both(&right, &left);
  return argument;
}

static void* left_alone(void* argument) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  return argument;
}

int main(void) {
  pthread_t a = start(both_ways, NULL);
  pthread_t b = start(left_alone, NULL);
  join(a);
  join(b);
  return 0;
}
