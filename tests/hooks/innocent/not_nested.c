// Critical sections that overlap without being nested, and one after the other in another order.
#include "in_turns.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;

// left and right overlap, right and third overlap, left and third never do.
static void overlap(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_lock(&third));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&third));
}

static void third_and_then_left(void) {
  CHECK(pthread_mutex_lock(&third));
  CHECK(pthread_mutex_unlock(&third));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
}

int main(void) {
  two_turns(overlap, third_and_then_left);
  return 0;
}
