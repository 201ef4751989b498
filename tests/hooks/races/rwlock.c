// RACE: value, work
// Readers who write under the read side race; a writer comes after all readers.
#include <pthread.h>

#include "turns.h"

int value;
pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void* work(void* first) {
  if (first == 0) await(1);
  if (RACY)
    pthread_rwlock_rdlock(&rwlock);
  else
    pthread_rwlock_wrlock(&rwlock);
  ++value;
  pthread_rwlock_unlock(&rwlock);
  if (first != 0) step(1);
  return 0;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, work, (void*)1);
  pthread_create(&threads[1], 0, work, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return 0;
}
