// A recursive mutex refuses whoever does not own it.
// EXPECT: rule=unlock-not-owner grade=proven threads=1 kinds=mutex names=journal_lock
#include "support.h"

static pthread_mutex_t journal_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int taken, done;

static void* hold(void* argument) {
  name_thread("holder");
  CHECK(pthread_mutex_lock(&journal_lock));
  raise_flag(&taken);
  await_flag(&done);
  CHECK(pthread_mutex_unlock(&journal_lock));
  return argument;
}

int main(void) {
  pthread_t holder = start(hold, NULL);
  await_flag(&taken);
  CHECK_THAT(pthread_mutex_unlock(&journal_lock) == EPERM);
  raise_flag(&done);
  join(holder);
  puts("unlocked by another");
  return 0;
}
