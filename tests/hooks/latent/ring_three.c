// EXPECT: rule=lock-order-inversion grade=possible threads=3 kinds=mutex*3 names=first,second,third
// CONFIRM: reachable=yes
// Three threads in a ring of three locks; no two of them disagree.
#include "in_turns.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t* const ring[] = {&first, &second, &third};

static void take_neighbours(int turn) {
  CHECK(pthread_mutex_lock(ring[turn]));
  CHECK(pthread_mutex_lock(ring[(turn + 1) % 3]));
  CHECK(pthread_mutex_unlock(ring[(turn + 1) % 3]));
  CHECK(pthread_mutex_unlock(ring[turn]));
}

int main(void) {
  in_turns(3, take_neighbours);
  return 0;
}
