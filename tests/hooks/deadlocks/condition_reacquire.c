// EXPECT: rule=deadlock grade=proven|inferred threads=2 kinds=mutex,mutex names=inner,outer
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=inner,outer
// The waiter has been woken and wants its mutex back; the thread that woke it holds that mutex and wants the
// waiter's other lock.
#include "support.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;
static int waiter_is_inside;

static void* wait_for_change(void* argument) {
  name_thread("waiter");
  CHECK(pthread_mutex_lock(&outer));
  CHECK(pthread_mutex_lock(&inner));
  raise_flag(&waiter_is_inside);
  while (!ready) CHECK(pthread_cond_wait(&changed, &inner));
  return argument;
}

static void* change(void* argument) {
  name_thread("changer");
  await_flag(&waiter_is_inside);
  CHECK(pthread_mutex_lock(&inner));
  ready = 1;
  CHECK(pthread_cond_broadcast(&changed));
  CHECK(pthread_mutex_lock(&outer));
  return argument;
}

int main(void) {
  pthread_t waiter = start(wait_for_change, NULL);
  pthread_t changer = start(change, NULL);
  join(waiter);
  join(changer);
  return 0;
}
