// RACE: counter, work
#include <pthread.h>

#include "turns.h"

enum { kThreads = 300 };
long counter, atomic_counter;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* work(void* unused) {
  for (int i = 0; i < 20; ++i) {
    if (!RACY) pthread_mutex_lock(&mutex);
    ++counter;
    if (!RACY) pthread_mutex_unlock(&mutex);
    __atomic_fetch_add(&atomic_counter, 1, __ATOMIC_RELAXED);
  }
  arrive();
  await(kThreads);
  return unused;
}

int main(void) {
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i)
    if (pthread_create(&threads[i], 0, work, 0) != 0) return 1;
  for (int i = 0; i < kThreads; ++i) pthread_join(threads[i], 0);
  step(kThreads + 1);
  return 0;
}
