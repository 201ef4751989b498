// RACE: cells, work
#include <pthread.h>

#include "turns.h"

int cells[4];
pthread_barrier_t barrier;

static void* work(void* which) {
  const long own = (long)which;
  cells[own] = 1;
  if (!RACY) pthread_barrier_wait(&barrier);
  arrive();
  await(2);
  cells[1 - own] += 1;
  if (!RACY) pthread_barrier_wait(&barrier);
  return 0;
}

int main(void) {
  pthread_barrier_init(&barrier, 0, 2);
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, work, (void*)i);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return 0;
}
