// RACE: counter, work
// One after the other: what a joined thread did comes before all that later ones do.
#include <pthread.h>

#include "turns.h"

long counter;

static void* work(void* unused) {
  ++counter;
  return unused;
}

int main(void) {
  for (int i = 0; i < 3000; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, 0) != 0) return 1;
    if (RACY && i == 2999) ++counter;
    pthread_join(thread, 0);
  }
  step(1), await(1), arrive();
  return 0;
}
