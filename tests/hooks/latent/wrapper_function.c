// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Every lock is taken by one wrapper function: all acquisitions have the same call site, only the callers
// differ.
#include "in_turns.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t settings = PTHREAD_MUTEX_INITIALIZER;

static __attribute__((noinline)) void acquire(pthread_mutex_t* mutex) {
  CHECK(pthread_mutex_lock(mutex));
}

static __attribute__((noinline)) void release(pthread_mutex_t* mutex) {
  CHECK(pthread_mutex_unlock(mutex));
}

static void left_then_right(void) {
  acquire(&settings);
  release(&settings);
  acquire(&left);
  acquire(&right);
  release(&right);
  release(&left);
}

static void right_then_left(void) {
  acquire(&right);
  acquire(&left);
  release(&left);
  release(&right);
  acquire(&settings);
  release(&settings);
}

int main(void) {
  two_turns(left_then_right, right_then_left);
  return 0;
}
