// EXPECT: rule=deadlock grade=proven threads=3 kinds=mutex,rwlock,rwlock names=table_lock,row_lock
// INSPECT: rule=deadlock grade=inferred threads=2 kinds=mutex,rwlock names=table_lock,row_lock
// A reader waits for a mutex whose holder wants to read behind the queued writer, who waits for the first
// reader.
#include "support.h"

static pthread_rwlock_t table_lock;
static pthread_mutex_t row_lock = PTHREAD_MUTEX_INITIALIZER;
static int reading, row_held;

// A lock that prefers writers turns a new reader away as soon as a writer has queued.
static void await_queued_writer(pthread_rwlock_t* lock) {
  while (pthread_rwlock_tryrdlock(lock) == 0) {
    CHECK(pthread_rwlock_unlock(lock));
    sched_yield();
  }
}

static void init_writer_first(pthread_rwlock_t* lock) {
  pthread_rwlockattr_t attributes;
  CHECK(pthread_rwlockattr_init(&attributes));
  CHECK(pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP));
  CHECK(pthread_rwlock_init(lock, &attributes));
}

static void* table_then_row(void* argument) {
  name_thread("table then row");
  CHECK(pthread_rwlock_rdlock(&table_lock));
  raise_flag(&reading);
  await_flag(&row_held);
  CHECK(pthread_mutex_lock(&row_lock));
  return argument;
}

static void* row_then_table(void* argument) {
  name_thread("row then table");
  CHECK(pthread_mutex_lock(&row_lock));
  raise_flag(&row_held);
  await_flag(&reading);
  await_queued_writer(&table_lock);
  CHECK(pthread_rwlock_rdlock(&table_lock));
  return argument;
}

static void* write_once(void* argument) {
  name_thread("writer");
  await_flag(&reading);
  CHECK(pthread_rwlock_wrlock(&table_lock));
  return argument;
}

int main(void) {
  init_writer_first(&table_lock);
  pthread_t a = start(table_then_row, NULL);
  pthread_t b = start(row_then_table, NULL);
  pthread_t c = start(write_once, NULL);
  join(a);
  join(b);
  join(c);
  return 0;
}
