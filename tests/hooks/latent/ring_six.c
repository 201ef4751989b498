// EXPECT: rule=lock-order-inversion grade=possible threads=6 kinds=mutex*6 names=ring
// CONFIRM: reachable=yes
// Six threads in a ring of six locks, each under a lock of its own that guards nothing.
#include "in_turns.h"

enum { kLocks = 6 };
static pthread_mutex_t ring[kLocks];
static pthread_mutex_t own_lock[kLocks];

static void take_neighbours(int turn) {
  CHECK(pthread_mutex_lock(&own_lock[turn]));
  pthread_mutex_t* own = &ring[turn];
  pthread_mutex_t* next = &ring[(turn + 1) % kLocks];
  CHECK(pthread_mutex_lock(own));
  CHECK(pthread_mutex_lock(next));
  CHECK(pthread_mutex_unlock(next));
  CHECK(pthread_mutex_unlock(own));
  CHECK(pthread_mutex_unlock(&own_lock[turn]));
}

int main(void) {
  for (int i = 0; i < kLocks; ++i) {
    CHECK(pthread_mutex_init(&ring[i], NULL));
    CHECK(pthread_mutex_init(&own_lock[i], NULL));
  }
  in_turns(kLocks, take_neighbours);
  return 0;
}
