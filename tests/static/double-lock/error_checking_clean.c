// An error-checking mutex refuses the second lock, and the code asks for that.
// FLAGS: -D_GNU_SOURCE
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static int value;

static void set(int next) {
  int result = pthread_mutex_lock(&lock);
  value = next;
  if (result != EDEADLK) pthread_mutex_unlock(&lock);
}

void set_if_smaller(int next) {
  pthread_mutex_lock(&lock);
  if (next < value) set(next);
  pthread_mutex_unlock(&lock);
}
