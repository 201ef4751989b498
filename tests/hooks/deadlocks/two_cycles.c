// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=north,south
// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=east,west
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=north,south
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=east,west
// Two cycles that have nothing to do with each other, in one process: both are told.
#include "support.h"

struct Order {
  pthread_mutex_t* first;
  pthread_mutex_t* second;
};

static pthread_mutex_t north = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t south = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t east = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t west = PTHREAD_MUTEX_INITIALIZER;
static int all_hold_one;

static void* take_both(void* argument) {
  struct Order* order = argument;
  CHECK(pthread_mutex_lock(order->first));
  meet(&all_hold_one, 4);
  CHECK(pthread_mutex_lock(order->second));
  return NULL;
}

int main(void) {
  struct Order orders[4] = {{&north, &south}, {&south, &north}, {&east, &west}, {&west, &east}};
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) threads[i] = start(take_both, &orders[i]);
  for (int i = 0; i < 4; ++i) join(threads[i]);
  return 0;
}
