// Several functions, one condition, one mutex.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int red, green;

void await_red(void) {
  pthread_mutex_lock(&lock);
  while (!red) pthread_cond_wait(&changed, &lock);
  red = 0;
  pthread_mutex_unlock(&lock);
}

void await_green(void) {
  pthread_mutex_lock(&lock);
  while (!green) pthread_cond_wait(&changed, &lock);
  green = 0;
  pthread_mutex_unlock(&lock);
}
