// EXPECT: rule=init-while-held grade=proven threads=1 kinds=rwlock names=table_lock
#include "support.h"

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  CHECK(pthread_rwlock_rdlock(&table_lock));
  CHECK(pthread_rwlock_init(&table_lock, NULL));
  puts("initialised again");
  return 0;
}
