// RACE: results, computes
// However many threads have ended before the first of them is joined, each join is an order.
#include <pthread.h>

#include "turns.h"

enum { kThreads = 400 };
long results[kThreads];
pthread_t threads[kThreads];

static void* computes(void* number) {
  results[(long)number] = (long)number;
  arrive();
  return 0;
}

int main(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 128 << 10);
  for (long i = 0; i < kThreads; ++i) pthread_create(&threads[i], &attributes, computes, (void*)i);
  await(kThreads);
  long sum = 0;
  if (RACY) sum = results[kThreads - 1];
  for (int i = 0; i < kThreads; ++i) {
    pthread_join(threads[i], 0);
    sum += results[i];
  }
  return sum == 0;
}
