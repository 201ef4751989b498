// RACE: payload, produce, consume
// What is written into a pipe comes after what was done before, for whoever reads it.
#include <pthread.h>
#include <unistd.h>

#include "turns.h"

int payload;
int ends[2];

static void* produce(void* unused) {
  if (!RACY) payload = 7;
  if (write(ends[1], "x", 1) != 1) return unused;
  if (RACY) payload = 7;
  step(1);
  return unused;
}

static void* consume(void* unused) {
  char byte;
  if (read(ends[0], &byte, 1) != 1) return unused;
  await(1);
  payload += 1;
  return unused;
}

int main(void) {
  if (pipe(ends) != 0) return 1;
  pthread_t threads[2];
  pthread_create(&threads[0], 0, produce, 0);
  pthread_create(&threads[1], 0, consume, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  arrive();
  return 0;
}
