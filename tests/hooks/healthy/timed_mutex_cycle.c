// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right optional
// Two threads cross their locks with pthread_mutex_timedlock: the waits run out, both back off and succeed in
// turn.
#include "support.h"

struct Order {
  pthread_mutex_t* first;
  pthread_mutex_t* second;
  long patience;
};

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* take_both(void* argument) {
  struct Order* order = argument;
  CHECK(pthread_mutex_lock(order->first));
  meet(&both_hold_one, 2);
  for (;;) {
    struct timespec deadline = from_now(CLOCK_REALTIME, order->patience);
    int error = pthread_mutex_timedlock(order->second, &deadline);
    if (error == 0) break;
    CHECK_THAT(error == ETIMEDOUT);
    CHECK(pthread_mutex_unlock(order->first));
    pass_time(order->patience / 4);
    CHECK(pthread_mutex_lock(order->first));
  }
  CHECK(pthread_mutex_unlock(order->second));
  CHECK(pthread_mutex_unlock(order->first));
  return NULL;
}

int main(void) {
  struct Order forth = {&left, &right, 400};
  struct Order back = {&right, &left, 300};
  pthread_t a = start(take_both, &forth);
  pthread_t b = start(take_both, &back);
  join(a);
  join(b);
  puts("both done");
  return 0;
}
