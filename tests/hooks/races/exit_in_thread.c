// RACE: value, work
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "turns.h"

int value;

static void* work(void* number) {
  if ((long)number == 1) await(1);
  if (RACY || number == 0) value += 1;
  arrive();
  if ((long)number == 1) exit(0);
  for (;;) pause();
}

int main(void) {
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, work, (void*)i);
  for (;;) pause();
}
