// Lock and unlock stand under the same condition.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

void log_bytes(char* line, int size, bool shared) {
  if (shared) pthread_mutex_lock(&log_lock);
  for (int i = 0; i < size; i++) line[i] = '.';
  if (shared) pthread_mutex_unlock(&log_lock);
}
