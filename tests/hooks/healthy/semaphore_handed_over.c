// A semaphore is a lock that may be given back by whoever got the work: the thread that took it ends before.
#include "support.h"

static sem_t lock;
static int taken;

static void* take_and_end(void* argument) {
  CHECK_SYSTEM(sem_wait(&lock));
  raise_flag(&taken);
  return argument;
}

static void* finish(void* argument) {
  await_flag(&taken);
  CHECK_SYSTEM(sem_post(&lock));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&lock, 0, 1));
  join(start(take_and_end, NULL));
  join(start(finish, NULL));
  CHECK_SYSTEM(sem_wait(&lock));
  CHECK_SYSTEM(sem_post(&lock));
  CHECK_SYSTEM(sem_post(&lock));  // nobody has to have taken it
  CHECK_SYSTEM(sem_destroy(&lock));
  puts("handed over");
  return 0;
}
