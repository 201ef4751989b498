// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=outer,inner
// CONFIRM: reachable=yes
// A thread takes outer and inner and waits on a condition with inner; another takes inner, then outer.
#include "in_turns.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;
static int waits;

static void wait_for_change(void) {
  CHECK(pthread_mutex_lock(&outer));
  CHECK(pthread_mutex_lock(&inner));
  raise_flag(&waits);
  while (!ready) CHECK(pthread_cond_wait(&changed, &inner));
  CHECK(pthread_mutex_unlock(&inner));
  CHECK(pthread_mutex_unlock(&outer));
}

static void inner_then_outer(void) {
  CHECK(pthread_mutex_lock(&inner));
  CHECK(pthread_mutex_lock(&outer));
  CHECK(pthread_mutex_unlock(&outer));
  CHECK(pthread_mutex_unlock(&inner));
}

static void* change(void* argument) {
  await_flag(&waits);
  CHECK(pthread_mutex_lock(&inner));
  ready = 1;
  CHECK(pthread_cond_signal(&changed));
  CHECK(pthread_mutex_unlock(&inner));
  return argument;
}

int main(void) {
  pthread_t changer = start(change, NULL);
  two_turns(wait_for_change, inner_then_outer);
  join(changer);
  return 0;
}
