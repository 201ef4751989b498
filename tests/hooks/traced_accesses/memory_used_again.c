// PREDICT: nothing
// The allocator gives a block to one thread after the other: another life, other variables.
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "in_order.h"

static long uses;

static void* use(void* number) {
  await((int)(long)number);
  for (int i = 0; i < 3; ++i) {
    long* block = malloc(64);
    block[0] = i;
    __atomic_fetch_add(&uses, block[0], __ATOMIC_RELAXED);
    free(block);
  }
  step((int)(long)number + 1);
  return 0;
}

int main(void) {
  mallopt(M_ARENA_MAX, 1);  // all threads take their blocks from one place
  pthread_t threads[3];
  for (long i = 0; i < 3; ++i) pthread_create(&threads[i], 0, use, (void*)i);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], 0);
  return 0;
}
