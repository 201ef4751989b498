// RACE: value, work
// What was done to a block's earlier life is nothing to its next owner.
#include <pthread.h>
#include <stdlib.h>

#include "turns.h"

int value;

static void* work(void* number) {
  if ((long)number == 1) await(1);
  int* block = malloc(24);
  *block = 1;
  if (RACY) value += *block;
  free(block);
  if ((long)number == 0) step(1);
  return 0;
}

int main(void) {
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, work, (void*)i);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  arrive();
  return 0;
}
