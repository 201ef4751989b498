// A semaphore is initialised again while a thread sleeps on it.
// EXPECT: rule=init-while-held grade=proven threads=2 kinds=semaphore*2 names=ready
#include "support.h"

static sem_t ready;
static int waiter_tid;

static void* wait_for_it(void* argument) {
  tell_tid(&waiter_tid);
  sem_wait(&ready);
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&ready, 0, 0));
  start(wait_for_it, NULL);
  await_sleep(&waiter_tid);
  CHECK_SYSTEM(sem_init(&ready, 0, 0));
  puts("initialised again");
  return 0;
}
