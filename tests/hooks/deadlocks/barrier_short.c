// EXPECT: rule=global-stall grade=proven has=barrier names=phase
// INSPECT: rule=global-stall grade=inferred has=barrier names=phase
// The barrier is for three, two arrive, and the third thread joins them.
#include "support.h"

static pthread_barrier_t phase;

static void* arrive(void* argument) {
  pthread_barrier_wait(&phase);
  return argument;
}

int main(void) {
  CHECK(pthread_barrier_init(&phase, NULL, 3));
  pthread_t a = start(arrive, NULL);
  pthread_t b = start(arrive, NULL);
  join(a);
  join(b);
  return 0;
}
