// EXPECT: rule=abandoned-lock grade=proven threads=1 kinds=mutex names=orphan
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=orphan
// INSPECT: rule=abandoned-lock grade=inferred threads=1 kinds=mutex names=orphan
// A thread ends with a mutex in its hand; the next one waits for a holder that is no more.
#include "support.h"

static pthread_mutex_t orphan = PTHREAD_MUTEX_INITIALIZER;

static void* lock_and_leave(void* argument) {
  name_thread("leaver");
  CHECK(pthread_mutex_lock(&orphan));
  return argument;
}

int main(void) {
  join(start(lock_and_leave, NULL));
  CHECK(pthread_mutex_lock(&orphan));
  return 0;
}
