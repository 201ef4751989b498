// RACE: value, first, second
#include <pthread.h>

#include "turns.h"

long value;
pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;

static void* first(void* unused) {
  pthread_mutex_lock(&one);
  ++value;
  pthread_mutex_unlock(&one);
  step(1);
  return unused;
}

static void* second(void* unused) {
  await(1);
  pthread_mutex_t* mutex = RACY ? &other : &one;
  pthread_mutex_lock(mutex);
  ++value;
  pthread_mutex_unlock(mutex);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, first, 0);
  pthread_create(&threads[1], 0, second, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return 0;
}
