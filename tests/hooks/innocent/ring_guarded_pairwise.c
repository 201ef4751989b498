// EXPECT: rule=lock-order-inversion grade=unlikely threads=3 kinds=mutex*3 names=first,second,third
// A ring of three in which any two threads have a guard in common, though no guard is common to all three.
// The guards themselves are taken in one order.
#include "in_turns.h"

static pthread_mutex_t guards[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                    PTHREAD_MUTEX_INITIALIZER};
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t* const ring[] = {&first, &second, &third};

static void take_neighbours(int turn) {
  const int low = turn == 0 ? 0 : turn - 1;
  const int high = turn == 0 ? 2 : turn;
  CHECK(pthread_mutex_lock(&guards[low]));
  CHECK(pthread_mutex_lock(&guards[high]));
  CHECK(pthread_mutex_lock(ring[turn]));
  CHECK(pthread_mutex_lock(ring[(turn + 1) % 3]));
  CHECK(pthread_mutex_unlock(ring[(turn + 1) % 3]));
  CHECK(pthread_mutex_unlock(ring[turn]));
  CHECK(pthread_mutex_unlock(&guards[high]));
  CHECK(pthread_mutex_unlock(&guards[low]));
}

int main(void) {
  in_turns(3, take_neighbours);
  return 0;
}
