// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=chain
// CONFIRM: reachable=yes
// One thread takes three hundred locks in order; another takes two from the middle the other way round.
#include "in_turns.h"

enum { kLocks = 300, kLow = 100, kHigh = 200 };
static pthread_mutex_t chain[kLocks];

static void take_all(void) {
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_lock(&chain[i]));
  for (int i = kLocks; i-- > 0;) CHECK(pthread_mutex_unlock(&chain[i]));
}

static void take_two(void) {
  CHECK(pthread_mutex_lock(&chain[kHigh]));
  CHECK(pthread_mutex_lock(&chain[kLow]));
  CHECK(pthread_mutex_unlock(&chain[kLow]));
  CHECK(pthread_mutex_unlock(&chain[kHigh]));
}

int main(void) {
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_init(&chain[i], NULL));
  two_turns(take_all, take_two);
  return 0;
}
