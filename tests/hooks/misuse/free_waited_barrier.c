// The memory of a barrier is freed while a thread waits there for the others.
// EXPECT: rule=destroy-while-held grade=proven threads=2 kinds=barrier*2
#include "support.h"

static pthread_barrier_t* barrier;
static int waiter_tid;

static void* arrive(void* argument) {
  tell_tid(&waiter_tid);
  pthread_barrier_wait(barrier);
  return argument;
}

int main(void) {
  barrier = malloc(sizeof *barrier);
  CHECK(pthread_barrier_init(barrier, NULL, 2));
  start(arrive, NULL);
  await_sleep(&waiter_tid);
  free(barrier);
  puts("freed");
  return 0;
}
