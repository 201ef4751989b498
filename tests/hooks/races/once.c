// RACE: table, use
#include <pthread.h>

#include "turns.h"

int table;
pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void) {
  table = 5;
}

static void* use(void* unused) {
  pthread_once(&once, make);
  volatile int seen = table;
  (void)seen;
  if (RACY) table = 6;
  arrive();
  return unused;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) pthread_create(&threads[i], 0, use, 0);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], 0);
  step(1), await(1);
  return 0;
}
