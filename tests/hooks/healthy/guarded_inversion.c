// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right optional
// Both orders are used, but always under one guard lock and with real contention: no deadlock can happen.
#include "support.h"

struct Order {
  pthread_mutex_t* first;
  pthread_mutex_t* second;
};

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* take_both(void* argument) {
  struct Order* order = argument;
  for (int i = 0; i < 3000; ++i) {
    CHECK(pthread_mutex_lock(&guard));
    CHECK(pthread_mutex_lock(order->first));
    CHECK(pthread_mutex_lock(order->second));
    ++count;
    CHECK(pthread_mutex_unlock(&guard));
    CHECK(pthread_mutex_unlock(order->second));
    CHECK(pthread_mutex_unlock(order->first));
  }
  return NULL;
}

int main(void) {
  struct Order forth = {&left, &right};
  struct Order back = {&right, &left};
  pthread_t a = start(take_both, &forth);
  pthread_t b = start(take_both, &back);
  join(a);
  join(b);
  printf("%d\n", count);
  return 0;
}
