// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=north,south
// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=east,west
// CONFIRM: reachable=yes
// Two inversions that have nothing to do with each other, through the same call sites: both are told.
#include "in_turns.h"

static pthread_mutex_t north = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t south = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t east = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t west = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void go_south(void) {
  take_both(&north, &south);
}
static void go_north(void) {
  take_both(&south, &north);
}
static void go_west(void) {
  take_both(&east, &west);
}
static void go_east(void) {
  take_both(&west, &east);
}

int main(void) {
  two_turns(go_south, go_north);
  two_turns(go_west, go_east);
  return 0;
}
