// It sleeps on the path on which the lock was not got.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

void set_patiently(int next) {
  while (pthread_mutex_trylock(&lock) != 0) usleep(100);
  value = next;
  pthread_mutex_unlock(&lock);
}
