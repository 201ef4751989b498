// One thread takes left, right and left again. The second time it has left already and cannot wait for it.
#include "in_turns.h"

static pthread_mutex_t left;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_left_twice(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
}

static void left_then_right(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
}

int main(void) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE));
  CHECK(pthread_mutex_init(&left, &attributes));
  two_turns(take_left_twice, left_then_right);
  two_turns(left_then_right, take_left_twice);
  return 0;
}
