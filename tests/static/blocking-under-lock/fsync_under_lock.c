// The disk is waited for under a lock.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int synced;

int log_sync(int file) {
  pthread_mutex_lock(&log_lock);
  int result = fsync(file);  // EXPECT: blocking-under-lock
  synced++;
  pthread_mutex_unlock(&log_lock);
  return result;
}
