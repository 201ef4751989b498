// One variable is two locks in its time: destroyed and made again in between, and each has an order of its
// own.
#include "in_turns.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t again;
static int gate;
static int second_is_there;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* maker(void* argument) {
  meet(&gate, 2);
  CHECK(pthread_mutex_init(&again, NULL));
  take_both(&again, &guard);
  CHECK(pthread_mutex_destroy(&again));
  CHECK(pthread_mutex_init(&again, NULL));
  raise_flag(&second_is_there);
  return argument;
}

static void* user(void* argument) {
  meet(&gate, 2);
  await_flag(&second_is_there);
  take_both(&guard, &again);
  return argument;
}

int main(void) {
  pthread_t a = start(maker, NULL);
  pthread_t b = start(user, NULL);
  join(a);
  join(b);
  return 0;
}
