// RACE: value, work
#include <pthread.h>

#include "turns.h"

long value;
pthread_spinlock_t lock;

static void* work(void* unused) {
  for (int i = 0; i < 1000; ++i) {
    if (!RACY) pthread_spin_lock(&lock);
    ++value;
    if (!RACY) pthread_spin_unlock(&lock);
  }
  arrive();
  await(2);
  return unused;
}

int main(void) {
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  step(9);
  return 0;
}
