// RACE: flags, second
#include <pthread.h>

#include "turns.h"

struct {
  char a, b, c, d;
  short e;
  char f, g;
} flags;

static void* first(void* unused) {
  flags.a = flags.b = 1;
  flags.e = 2;
  flags.g = 3;
  step(1);
  return unused;
}

static void* second(void* unused) {
  await(1);
  flags.c = flags.d = 1;
  flags.f = 4;
  if (RACY) flags.e = 3;
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, first, 0);
  pthread_create(&threads[1], 0, second, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  arrive();
  return 0;
}
