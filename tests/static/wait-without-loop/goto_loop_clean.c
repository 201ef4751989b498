// A loop made of goto.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int level;

int drain(int amount) {
  pthread_mutex_lock(&lock);
again:
  if (level < amount) {
    pthread_cond_wait(&filled, &lock);
    goto again;
  }
  level -= amount;
  pthread_mutex_unlock(&lock);
  return amount;
}

void fill(int amount) {
  pthread_mutex_lock(&lock);
  level += amount;
  pthread_cond_broadcast(&filled);
  pthread_mutex_unlock(&lock);
}
