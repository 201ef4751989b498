// Static conditions and mutexes of the same names in two units.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int read;

void await_read(void) {
  pthread_mutex_lock(&lock);
  while (!read) pthread_cond_wait(&changed, &lock);
  read = 0;
  pthread_mutex_unlock(&lock);
}
