// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two more threads queue up behind the cycle; they wait for a member and are none themselves.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  name_thread("left first");
  CHECK(pthread_mutex_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK(pthread_mutex_lock(&right));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&left));
  return argument;
}

static void* queue_up(void* argument) {
  while (__atomic_load_n(&both_hold_one, __ATOMIC_ACQUIRE) < 2) sched_yield();
  CHECK(pthread_mutex_lock(&left));
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  start(queue_up, NULL);
  start(queue_up, NULL);
  join(a);
  join(b);
  return 0;
}
