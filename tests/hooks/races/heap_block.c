// RACE: block of 40 bytes, allocated at make, fill, use
#include <pthread.h>
#include <stdlib.h>

#include "turns.h"

int* numbers;

static void* fill(void* at) {
  ((int*)at)[3] = 1;
  step(1);
  return 0;
}

static void use(int* at) {
  at[RACY ? 3 : 4] = 2;
}

static int* make(void) {
  return malloc(40);
}

int main(void) {
  pthread_t warm, thread;
  pthread_create(&warm, 0, fill, malloc(16));
  pthread_join(warm, 0);
  turn = 0;
  numbers = make();
  pthread_create(&thread, 0, fill, numbers);
  await(1);
  use(numbers);
  pthread_join(thread, 0);
  free(numbers);
  return 0;
}
