// RACE: free, use, main
#include <pthread.h>
#include <stdlib.h>

#include "turns.h"

static void* use(void* block) {
  *(int*)block = 1;
  step(1);
  return 0;
}

int main(void) {
  int* block = malloc(8);
  pthread_t thread;
  pthread_create(&thread, 0, use, block);
  await(1);
  if (!RACY) pthread_join(thread, 0);
  free(block);
  if (RACY) pthread_join(thread, 0);
  arrive();
  return 0;
}
