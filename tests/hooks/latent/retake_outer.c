// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=outer,inner
// CONFIRM: reachable=yes
// Both threads take outer first. But one of them gives it back for a moment and keeps inner.
#include "in_turns.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;

static void give_way_and_take_again(void) {
  CHECK(pthread_mutex_lock(&outer));
  CHECK(pthread_mutex_lock(&inner));
  CHECK(pthread_mutex_unlock(&outer));
  CHECK(pthread_mutex_lock(&outer));
  CHECK(pthread_mutex_unlock(&inner));
  CHECK(pthread_mutex_unlock(&outer));
}

static void outer_then_inner(void) {
  CHECK(pthread_mutex_lock(&outer));
  CHECK(pthread_mutex_lock(&inner));
  CHECK(pthread_mutex_unlock(&inner));
  CHECK(pthread_mutex_unlock(&outer));
}

int main(void) {
  two_turns(give_way_and_take_again, outer_then_inner);
  return 0;
}
