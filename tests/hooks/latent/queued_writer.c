// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,rwlock names=table,row_lock
// CONFIRM: reachable=yes
// Both threads only read the table. But it prefers writers, and there is one: once it queues, the second
// reader waits for it, and it for the first reader.
#include "in_turns.h"

static pthread_rwlock_t table;
static pthread_mutex_t row_lock = PTHREAD_MUTEX_INITIALIZER;
static int gate;
static int reader_is_done;
static int writer_is_done;

static void* table_then_row(void* argument) {
  name_thread("reader");
  meet(&gate, 3);
  CHECK(pthread_rwlock_rdlock(&table));
  CHECK(pthread_mutex_lock(&row_lock));
  CHECK(pthread_mutex_unlock(&row_lock));
  CHECK(pthread_rwlock_unlock(&table));
  raise_flag(&reader_is_done);
  return argument;
}

static void* write_table(void* argument) {
  name_thread("writer");
  meet(&gate, 3);
  await_flag_for(&reader_is_done, kPatience / 2);
  CHECK(pthread_rwlock_wrlock(&table));
  CHECK(pthread_rwlock_unlock(&table));
  raise_flag(&writer_is_done);
  return argument;
}

static void* row_then_table(void* argument) {
  name_thread("row first");
  meet(&gate, 3);
  await_flag_for(&writer_is_done, kPatience);
  CHECK(pthread_mutex_lock(&row_lock));
  CHECK(pthread_rwlock_rdlock(&table));
  CHECK(pthread_rwlock_unlock(&table));
  CHECK(pthread_mutex_unlock(&row_lock));
  return argument;
}

int main(void) {
  pthread_rwlockattr_t attributes;
  CHECK(pthread_rwlockattr_init(&attributes));
  CHECK(pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP));
  CHECK(pthread_rwlock_init(&table, &attributes));
  pthread_t reader = start(table_then_row, NULL);
  pthread_t writer = start(write_table, NULL);
  pthread_t other = start(row_then_table, NULL);
  join(reader);
  join(writer);
  join(other);
  return 0;
}
