// EXPECT: rule=deadlock grade=proven threads=2 kinds=rwlock,rwlock names=table_lock
// EXPECT: rule=self-deadlock grade=proven optional
// A reader reads again behind a queued writer: the writer waits for the reader, the reader for the writer.
#include "support.h"

static pthread_rwlock_t table_lock;
static int reading;

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

static void* read_twice(void* argument) {
  name_thread("reader");
  CHECK(pthread_rwlock_rdlock(&table_lock));
  raise_flag(&reading);
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
  pthread_t reader = start(read_twice, NULL);
  pthread_t writer = start(write_once, NULL);
  join(reader);
  join(writer);
  return 0;
}
