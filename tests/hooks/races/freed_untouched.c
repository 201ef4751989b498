// RACE: late, main
// A block that nobody touched before it was freed: who comes later comes too late.
#include <pthread.h>
#include <stdlib.h>

#include "turns.h"

static void* late(void* block) {
  await(1);
  // A byte that no list of free blocks is in; the block is not used again.
  *((volatile char*)block + 100) = 1;
  return block;
}

int main(void) {
  char* block = malloc(200);
  pthread_t thread;
  pthread_create(&thread, 0, late, block);
  if (!RACY) {
    step(1);
    pthread_join(thread, 0);
  }
  free(block);
  step(1);
  if (RACY) pthread_join(thread, 0);
  return 0;
}
