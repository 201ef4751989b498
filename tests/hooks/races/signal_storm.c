// RACE: shared, count
// Signals come all the time, and their handler writes what is its thread's own.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "turns.h"

enum { kSignals = 150 };
static long shared;
static _Thread_local volatile long own;
static int handled;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void handle(int number) {
  own += number;
  __atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
}

static void* count(void* order) {
  for (int i = 0; i < 20000; ++i) own += i;
  await((long)order);
  if (!RACY) pthread_mutex_lock(&lock);
  ++shared;
  if (!RACY) pthread_mutex_unlock(&lock);
  step((long)order + 1);
  // Until all signals have come.
  while (__atomic_load_n(&handled, __ATOMIC_RELAXED) < kSignals) own += 1;
  return 0;
}

int main(void) {
  struct sigaction action = {0};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, 0);
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, count, (void*)(i + 1));
  step(1);
  // One at a time: two of a kind that wait for one thread become one.
  for (int i = 0; i < kSignals; ++i) {
    pthread_kill(threads[i % 2], SIGUSR1);
    while (__atomic_load_n(&handled, __ATOMIC_RELAXED) <= i) sched_yield();
  }
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return shared == 2 ? 0 : 1;
}
