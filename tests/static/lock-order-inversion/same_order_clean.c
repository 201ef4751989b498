// Everybody takes the two locks in the same order.
#include <pthread.h>

static pthread_mutex_t index_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static long entries;

void index_add(void) {
  pthread_mutex_lock(&index_lock);
  pthread_mutex_lock(&journal_lock);
  entries++;
  pthread_mutex_unlock(&journal_lock);
  pthread_mutex_unlock(&index_lock);
}

void index_clear(void) {
  pthread_mutex_lock(&index_lock);
  pthread_mutex_lock(&journal_lock);
  entries = 0;
  pthread_mutex_unlock(&index_lock);
  pthread_mutex_unlock(&journal_lock);
}
