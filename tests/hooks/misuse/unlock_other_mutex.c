// A normal mutex lets anybody unlock it; the standard does not.
// EXPECT: rule=unlock-not-owner grade=proven threads=1 kinds=mutex names=journal_lock
#include "support.h"

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int taken, done;

static void* hold(void* argument) {
  name_thread("holder");
  CHECK(pthread_mutex_lock(&journal_lock));
  raise_flag(&taken);
  await_flag(&done);
  return argument;
}

int main(void) {
  pthread_t holder = start(hold, NULL);
  await_flag(&taken);
  CHECK(pthread_mutex_unlock(&journal_lock));
  raise_flag(&done);
  join(holder);
  puts("unlocked by another");
  return 0;
}
