// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Two recursive mutexes in opposite order, one of them two deep.
#include "in_turns.h"

static pthread_mutex_t left;
static pthread_mutex_t right;

static void make(pthread_mutex_t* mutex) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE));
  CHECK(pthread_mutex_init(mutex, &attributes));
  CHECK(pthread_mutexattr_destroy(&attributes));
}

static void left_then_right(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&left));
}

static void right_then_left(void) {
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
}

int main(void) {
  make(&left);
  make(&right);
  two_turns(left_then_right, right_then_left);
  return 0;
}
