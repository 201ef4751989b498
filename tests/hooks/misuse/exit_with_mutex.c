// Threads end with a mutex locked: by returning, by pthread_exit, and by cancellation.
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=returned_lock
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=exited_lock
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=cancelled_lock
#include "support.h"

static pthread_mutex_t returned_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t exited_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t cancelled_lock = PTHREAD_MUTEX_INITIALIZER;

static void* return_with_lock(void* argument) {
  CHECK(pthread_mutex_lock(&returned_lock));
  return argument;
}

static void* exit_with_lock(void* argument) {
  CHECK(pthread_mutex_lock(&exited_lock));
  pthread_exit(argument);
}

static void* sleep_with_lock(void* argument) {
  CHECK(pthread_mutex_lock(&cancelled_lock));
  for (;;) pause();
  return argument;
}

int main(void) {
  join(start(return_with_lock, NULL));
  join(start(exit_with_lock, NULL));
  pthread_t sleeper = start(sleep_with_lock, NULL);
  CHECK(pthread_cancel(sleeper));
  join(sleeper);
  puts("ended");
  return 0;
}
