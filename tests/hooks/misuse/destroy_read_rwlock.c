// A read-write lock is destroyed while another thread reads under it.
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=rwlock names=table_lock
#include "support.h"

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static int taken, done;

static void* read_table(void* argument) {
  CHECK(pthread_rwlock_rdlock(&table_lock));
  raise_flag(&taken);
  await_flag(&done);
  CHECK(pthread_rwlock_unlock(&table_lock));
  return argument;
}

int main(void) {
  pthread_t reader = start(read_table, NULL);
  await_flag(&taken);
  CHECK(pthread_rwlock_destroy(&table_lock));
  raise_flag(&done);
  join(reader);
  puts("destroyed");
  return 0;
}
