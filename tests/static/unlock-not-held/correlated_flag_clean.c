// Lock and unlock stand under the same condition.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void write_line(char* line, int threads) {
  if (threads > 1) pthread_mutex_lock(&lock);
  line[0] = '\n';
  if (threads > 1) pthread_mutex_unlock(&lock);
}
