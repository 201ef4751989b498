// The second lock is taken and released under the same condition, and always behind the first.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int rows, lines;

void add_row(bool logged) {
  pthread_mutex_lock(&table_lock);
  if (logged) pthread_mutex_lock(&log_lock);
  rows++;
  if (logged) {
    lines++;
    pthread_mutex_unlock(&log_lock);
  }
  pthread_mutex_unlock(&table_lock);
}

void report(bool logged) {
  if (logged) pthread_mutex_lock(&log_lock);
  if (logged) lines++;
  if (logged) pthread_mutex_unlock(&log_lock);
  pthread_mutex_lock(&table_lock);
  rows = 0;
  pthread_mutex_unlock(&table_lock);
}
