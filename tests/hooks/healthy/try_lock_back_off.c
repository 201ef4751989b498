// Both orders, but the second lock is only tried; who fails lets go and starts again.
#include "support.h"

struct Order {
  pthread_mutex_t* first;
  pthread_mutex_t* second;
};

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* take_both(void* argument) {
  struct Order* order = argument;
  for (int done = 0; done < 2000;) {
    CHECK(pthread_mutex_lock(order->first));
    int error = pthread_mutex_trylock(order->second);
    if (error == 0) {
      ++count;
      ++done;
      CHECK(pthread_mutex_unlock(order->second));
    } else {
      CHECK_THAT(error == EBUSY);
    }
    CHECK(pthread_mutex_unlock(order->first));
    if (error != 0) sched_yield();
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
