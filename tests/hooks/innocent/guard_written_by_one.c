// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right
// The guard is a read-write lock that one thread writes and the other reads: that keeps them apart.
#include "in_turns.h"

static pthread_rwlock_t guard = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void left_then_right(void) {
  CHECK(pthread_rwlock_wrlock(&guard));
  take_both(&left, &right);
  CHECK(pthread_rwlock_unlock(&guard));
}

static void right_then_left(void) {
  CHECK(pthread_rwlock_rdlock(&guard));
  take_both(&right, &left);
  CHECK(pthread_rwlock_unlock(&guard));
}

int main(void) {
  two_turns(left_then_right, right_then_left);
  return 0;
}
