// A barrier that the same two threads always pass together lies between the two orders.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t phase;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* first_phase(void* argument) {
  take_both(&left, &right);
  pthread_barrier_wait(&phase);
  return argument;
}

static void* second_phase(void* argument) {
  pthread_barrier_wait(&phase);
  take_both(&right, &left);
  return argument;
}

int main(void) {
  CHECK(pthread_barrier_init(&phase, NULL, 2));
  pthread_t a = start(first_phase, NULL);
  pthread_t b = start(second_phase, NULL);
  join(a);
  join(b);
  return 0;
}
