// A reader asks for the write side of the lock that it reads.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_rwlock_t map_lock = PTHREAD_RWLOCK_INITIALIZER;
static int entries;

void ensure_entry(void) {
  pthread_rwlock_rdlock(&map_lock);
  if (entries == 0) {
    pthread_rwlock_wrlock(&map_lock);  // EXPECT: double-lock
    entries = 1;
  }
  pthread_rwlock_unlock(&map_lock);
}
