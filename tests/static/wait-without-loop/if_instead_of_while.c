// The state is tested once, before the wait.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items;

int take(void) {
  pthread_mutex_lock(&lock);
  if (items == 0) pthread_cond_wait(&filled, &lock);  // EXPECT: wait-without-loop "filled"
  int left = --items;
  pthread_mutex_unlock(&lock);
  return left;
}

void put(void) {
  pthread_mutex_lock(&lock);
  items++;
  pthread_cond_signal(&filled);
  pthread_mutex_unlock(&lock);
}
