// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex processes=2
// INSPECT[robust]: rule=deadlock grade=proven threads=2 kinds=mutex,mutex processes=2
// INSPECT[timed]: nothing
// Parent and child take two mutexes in shared memory in opposite order.
#include "family.h"

struct Shared {
  pthread_mutex_t left, right;
  int both_hold_one;
};

static struct Shared* shared;

static void take_right_then_left(void) {
  CHECK(pthread_mutex_lock(&shared->right));
  meet(&shared->both_hold_one, 2);
  CHECK(pthread_mutex_lock(&shared->left));
}

int main(int count, char** values) {
  take_arguments(count, values);
  shared = shared_by_all(sizeof *shared);
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
  if (variant("robust")) CHECK(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
  CHECK(pthread_mutex_init(&shared->left, &attributes));
  CHECK(pthread_mutex_init(&shared->right, &attributes));
  child(take_right_then_left);
  CHECK(pthread_mutex_lock(&shared->left));
  meet(&shared->both_hold_one, 2);
  if (variant("timed")) {
    const struct timespec end = from_now(CLOCK_REALTIME, 1000000);
    CHECK(pthread_mutex_timedlock(&shared->right, &end));
  }
  CHECK(pthread_mutex_lock(&shared->right));
  return 0;
}
