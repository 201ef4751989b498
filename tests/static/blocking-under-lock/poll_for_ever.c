// poll without an end, under a read lock.
// FLAGS: -std=gnu17
#include <poll.h>
#include <pthread.h>

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;

int wait_readable(struct pollfd* files, nfds_t count) {
  pthread_rwlock_rdlock(&table_lock);
  int ready = poll(files, count, -1);  // EXPECT: blocking-under-lock
  pthread_rwlock_unlock(&table_lock);
  return ready;
}
