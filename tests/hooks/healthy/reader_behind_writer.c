// The default rwlock lets a reader read again although a writer has queued.
#include "support.h"

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static int writer_is_coming;

static void* write_once(void* argument) {
  raise_flag(&writer_is_coming);
  CHECK(pthread_rwlock_wrlock(&table_lock));
  CHECK(pthread_rwlock_unlock(&table_lock));
  return argument;
}

int main(void) {
  CHECK(pthread_rwlock_rdlock(&table_lock));
  pthread_t writer = start(write_once, NULL);
  await_flag(&writer_is_coming);
  pass_time(300);
  CHECK(pthread_rwlock_rdlock(&table_lock));
  CHECK(pthread_rwlock_unlock(&table_lock));
  CHECK(pthread_rwlock_unlock(&table_lock));
  join(writer);
  puts("read twice");
  return 0;
}
