// Two read-write locks, both read, in opposite order. They are written, too, but with nothing else held, and
// a writer that waits keeps no reader out of locks of the default kind.
#include "in_turns.h"

static pthread_rwlock_t left = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t right = PTHREAD_RWLOCK_INITIALIZER;

static void read_both(pthread_rwlock_t* first, pthread_rwlock_t* second) {
  CHECK(pthread_rwlock_rdlock(first));
  CHECK(pthread_rwlock_rdlock(second));
  CHECK(pthread_rwlock_unlock(second));
  CHECK(pthread_rwlock_unlock(first));
}

static void write_one(pthread_rwlock_t* lock) {
  CHECK(pthread_rwlock_wrlock(lock));
  CHECK(pthread_rwlock_unlock(lock));
}

static void left_then_right(void) {
  read_both(&left, &right);
  write_one(&left);
}

static void right_then_left(void) {
  read_both(&right, &left);
  write_one(&right);
}

int main(void) {
  two_turns(left_then_right, right_then_left);
  return 0;
}
