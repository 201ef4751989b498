// A semaphore is destroyed while a thread sleeps on it.
// EXPECT: rule=destroy-while-held grade=proven threads=2 kinds=semaphore*2 names=ready
#include "support.h"

static sem_t ready;
static int waiter_tid;

static void* wait_for_it(void* argument) {
  name_thread("waiter");
  tell_tid(&waiter_tid);
  CHECK_SYSTEM(sem_wait(&ready));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&ready, 0, 0));
  pthread_t waiter = start(wait_for_it, NULL);
  await_sleep(&waiter_tid);
  CHECK_SYSTEM(sem_destroy(&ready));
  CHECK_SYSTEM(sem_post(&ready));
  join(waiter);
  puts("destroyed");
  return 0;
}
