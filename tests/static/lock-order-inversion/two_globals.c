// Two functions of a library take two global mutexes in opposite order.
#include <pthread.h>

static pthread_mutex_t index_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static long entries;

void index_add(void) {
  pthread_mutex_lock(&index_lock);
  pthread_mutex_lock(&journal_lock);  // EXPECT: lock-order-inversion "index_lock"
  entries++;
  pthread_mutex_unlock(&journal_lock);
  pthread_mutex_unlock(&index_lock);
}

void journal_replay(void) {
  pthread_mutex_lock(&journal_lock);
  pthread_mutex_lock(&index_lock);  // EXPECT: lock-order-inversion "journal_lock"
  entries = 0;
  pthread_mutex_unlock(&index_lock);
  pthread_mutex_unlock(&journal_lock);
}
