// A read-write lock is unlocked by a thread that has unlocked it already.
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=rwlock names=table_lock
#include "support.h"

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  CHECK(pthread_rwlock_wrlock(&table_lock));
  CHECK(pthread_rwlock_unlock(&table_lock));
  pthread_rwlock_unlock(&table_lock);
  puts("unlocked twice");
  fflush(stdout);
  _exit(0);  // the lock counts one reader too few now
}
