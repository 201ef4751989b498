// A wrapper gets the mutex as an argument, and gets different ones.
#include <pthread.h>

static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t first_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second_lock = PTHREAD_MUTEX_INITIALIZER;
static int first, second;

static void sleep_under(pthread_mutex_t* lock) {
  pthread_cond_wait(&changed, lock);
}

void await_first(void) {
  pthread_mutex_lock(&first_lock);
  while (!first) sleep_under(&first_lock);  // EXPECT: condition-mutex-mismatch
  first = 0;
  pthread_mutex_unlock(&first_lock);
}

void await_second(void) {
  pthread_mutex_lock(&second_lock);
  while (!second) sleep_under(&second_lock);  // EXPECT: condition-mutex-mismatch
  second = 0;
  pthread_mutex_unlock(&second_lock);
}
