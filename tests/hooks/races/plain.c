// RACE: value, writer, reader
#include <pthread.h>

#include "turns.h"

int value;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* writer(void* unused) {
  if (!RACY) pthread_mutex_lock(&mutex);
  value = 1;
  if (!RACY) pthread_mutex_unlock(&mutex);
  step(1);
  return unused;
}

static void* reader(void* unused) {
  await(1);
  if (!RACY) pthread_mutex_lock(&mutex);
  volatile int seen = value;
  (void)seen;
  if (!RACY) pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, writer, 0);
  pthread_create(&threads[1], 0, reader, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return 0;
}
