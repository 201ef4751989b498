// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Both threads hold the same read-write lock around the pair, but both read: it keeps neither out.
#include "in_turns.h"

static pthread_rwlock_t guard = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void left_then_right(void) {
  CHECK(pthread_rwlock_rdlock(&guard));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_rwlock_unlock(&guard));
}

static void right_then_left(void) {
  CHECK(pthread_rwlock_rdlock(&guard));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_rwlock_unlock(&guard));
}

int main(void) {
  two_turns(left_then_right, right_then_left);
  return 0;
}
