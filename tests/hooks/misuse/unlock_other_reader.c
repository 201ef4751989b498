// A reader's lock is unlocked by a thread that has none.
// EXPECT: rule=unlock-not-owner grade=inferred threads=1 kinds=rwlock names=table_lock
#include "support.h"

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static int taken, done;

static void* hold(void* argument) {
  name_thread("holder");
  CHECK(pthread_rwlock_rdlock(&table_lock));
  raise_flag(&taken);
  await_flag(&done);
  return argument;
}

int main(void) {
  pthread_t holder = start(hold, NULL);
  await_flag(&taken);
  pthread_rwlock_unlock(&table_lock);
  raise_flag(&done);
  join(holder);
  puts("unlocked by another");
  return 0;
}
