// RACE: buffer, fill, take
#include <pthread.h>
#include <string.h>

#include "turns.h"

char buffer[100], copy[100];
volatile size_t size = 60;

static void* fill(void* unused) {
  memset(buffer, 1, size);
  step(1);
  return unused;
}

static void* take(void* unused) {
  await(1);
  memcpy(copy, buffer + (RACY ? 50 : 60), size - 20);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, fill, 0);
  pthread_create(&threads[1], 0, take, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  arrive();
  return 0;
}
