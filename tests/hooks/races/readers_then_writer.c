// RACE: value, read_it, main
#include <pthread.h>

#include "turns.h"

int value;
pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void* read_it(void* unused) {
  pthread_rwlock_rdlock(&rwlock);
  volatile int seen = value;
  (void)seen;
  pthread_rwlock_unlock(&rwlock);
  arrive();
  return unused;
}

int main(void) {
  pthread_t threads[6];
  for (int i = 0; i < 6; ++i) pthread_create(&threads[i], 0, read_it, 0);
  await(6);
  if (!RACY) pthread_rwlock_wrlock(&rwlock);
  value = 1;
  if (!RACY) pthread_rwlock_unlock(&rwlock);
  for (int i = 0; i < 6; ++i) pthread_join(threads[i], 0);
  step(9);
  return 0;
}
