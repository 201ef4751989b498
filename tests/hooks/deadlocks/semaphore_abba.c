// EXPECT: rule=deadlock grade=inferred threads=2 kinds=semaphore,semaphore names=left,right
// INSPECT: rule=global-stall grade=inferred has=semaphore names=left,right
// Two binary semaphores used as locks, taken in opposite order. Each was used as a lock before.
#include "support.h"

static sem_t left, right;
static int both_hold_one;

static void use_as_lock(sem_t* semaphore) {
  CHECK_SYSTEM(sem_wait(semaphore));
  CHECK_SYSTEM(sem_post(semaphore));
}

static void* left_then_right(void* argument) {
  name_thread("left first");
  CHECK_SYSTEM(sem_wait(&left));
  meet(&both_hold_one, 2);
  CHECK_SYSTEM(sem_wait(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK_SYSTEM(sem_wait(&right));
  meet(&both_hold_one, 2);
  CHECK_SYSTEM(sem_wait(&left));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&left, 0, 1));
  CHECK_SYSTEM(sem_init(&right, 0, 1));
  use_as_lock(&left);
  use_as_lock(&right);
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
