// EXPECT: rule=abandoned-lock grade=proven threads=1 kinds=mutex names=orphan
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=orphan
// A thread is cancelled inside read() while it holds a mutex and has no cleanup handler.
#include "support.h"

static pthread_mutex_t orphan = PTHREAD_MUTEX_INITIALIZER;
static int never_fed[2];
static int held;

static void* lock_and_read(void* argument) {
  name_thread("cancelled");
  CHECK(pthread_mutex_lock(&orphan));
  raise_flag(&held);
  char byte;
  CHECK_SYSTEM(read(never_fed[0], &byte, 1));
  return argument;
}

static void* lock_next(void* argument) {
  name_thread("next");
  CHECK(pthread_mutex_lock(&orphan));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(pipe(never_fed));
  pthread_t reader = start(lock_and_read, NULL);
  await_flag(&held);
  CHECK(pthread_cancel(reader));
  join(reader);
  join(start(lock_next, NULL));
  return 0;
}
