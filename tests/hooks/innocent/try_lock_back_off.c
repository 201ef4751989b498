// One direction waits, the other tries and gives everything back when it fails.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* left_then_right(void* argument) {
  for (int i = 0; i < 500; ++i) take_both(&left, &right);
  return argument;
}

static int try_right_then_left(void) {
  CHECK(pthread_mutex_lock(&right));
  const int got = pthread_mutex_trylock(&left) == 0;
  if (got) CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
  return got;
}

static void* right_then_left(void* argument) {
  for (int i = 0; i < 500; ++i) {
    while (!try_right_then_left()) sched_yield();
  }
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
