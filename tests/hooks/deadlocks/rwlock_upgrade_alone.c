// EXPECT: rule=self-deadlock grade=proven threads=1 kinds=rwlock names=table_lock
// INSPECT: rule=global-stall grade=inferred has=rwlock names=table_lock
// A reader asks for the write side of the lock that it reads: it waits for itself.
#include "support.h"

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;

static void* upgrade(void* argument) {
  name_thread("upgrader");
  CHECK(pthread_rwlock_rdlock(&table_lock));
  CHECK(pthread_rwlock_wrlock(&table_lock));
  return argument;
}

int main(void) {
  join(start(upgrade, NULL));
  return 0;
}
