// A thousand locks in one order, all held at once, by six threads that fight for them.
#include "support.h"

enum { kLocks = 1000, kThreads = 6, kRounds = 3 };
static pthread_mutex_t chain[kLocks];
static int rounds;

static void* take_all(void* argument) {
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_lock(&chain[i]));
    ++rounds;
    for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_unlock(&chain[i]));
  }
  return argument;
}

int main(void) {
  pthread_t threads[kThreads];
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_init(&chain[i], NULL));
  for (int i = 0; i < kThreads; ++i) threads[i] = start(take_all, NULL);
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  printf("%d\n", rounds);
  return 0;
}
