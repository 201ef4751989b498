// The total and its lock are known here alone.
#include "totals.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;

void total_add(long bytes) {
  pthread_mutex_lock(&lock);
  total += bytes;
  pthread_mutex_unlock(&lock);
}

long total_get(void) {
  pthread_mutex_lock(&lock);
  long result = total;
  pthread_mutex_unlock(&lock);
  return result;
}
