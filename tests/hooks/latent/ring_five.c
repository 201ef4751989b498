// EXPECT: rule=lock-order-inversion grade=possible threads=5 kinds=mutex*5 names=ring
// CONFIRM: reachable=yes
// Five threads in a ring of five locks, which are the elements of one array.
#include "in_turns.h"

enum { kLocks = 5 };
static pthread_mutex_t ring[kLocks];

static void take_neighbours(int turn) {
  pthread_mutex_t* own = &ring[turn];
  pthread_mutex_t* next = &ring[(turn + 1) % kLocks];
  CHECK(pthread_mutex_lock(own));
  CHECK(pthread_mutex_lock(next));
  CHECK(pthread_mutex_unlock(next));
  CHECK(pthread_mutex_unlock(own));
}

int main(void) {
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_init(&ring[i], NULL));
  in_turns(kLocks, take_neighbours);
  return 0;
}
