// A wrapper gets the mutex as an argument, and always the same.
#include <pthread.h>

static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int first, second;

static void sleep_under(pthread_mutex_t* held) {
  pthread_cond_wait(&changed, held);
}

void await_first(void) {
  pthread_mutex_lock(&lock);
  while (!first) sleep_under(&lock);
  first = 0;
  pthread_mutex_unlock(&lock);
}

void await_second(void) {
  pthread_mutex_lock(&lock);
  while (!second) sleep_under(&lock);
  second = 0;
  pthread_mutex_unlock(&lock);
}
