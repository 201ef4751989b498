// Two functions agree, the third does not.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int red, green, blue;

void await_red(void) {
  pthread_mutex_lock(&lock);
  while (!red) pthread_cond_wait(&changed, &lock);  // EXPECT-MAY: condition-mutex-mismatch
  red = 0;
  pthread_mutex_unlock(&lock);
}

void await_green(void) {
  pthread_mutex_lock(&lock);
  while (!green) pthread_cond_wait(&changed, &lock);  // EXPECT-MAY: condition-mutex-mismatch
  green = 0;
  pthread_mutex_unlock(&lock);
}

void await_blue(void) {
  pthread_mutex_lock(&other);
  while (!blue) pthread_cond_wait(&changed, &other);  // EXPECT: condition-mutex-mismatch
  blue = 0;
  pthread_mutex_unlock(&other);
}
