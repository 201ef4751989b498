// EXPECT: rule=deadlock grade=proven threads=2 kinds=rwlock,rwlock names=table_lock
// EXPECT: rule=self-deadlock grade=proven optional
// Two readers both ask for the write side: each waits for the other to leave (and for itself).
#include "support.h"

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static int both_read;

static void* upgrade(void* argument) {
  CHECK(pthread_rwlock_rdlock(&table_lock));
  meet(&both_read, 2);
  CHECK(pthread_rwlock_wrlock(&table_lock));
  return argument;
}

int main(void) {
  pthread_t a = start(upgrade, NULL);
  pthread_t b = start(upgrade, NULL);
  join(a);
  join(b);
  return 0;
}
