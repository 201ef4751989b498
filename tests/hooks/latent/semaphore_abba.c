// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=semaphore,semaphore names=left,right
// CONFIRM: reachable=yes
// Two binary semaphores used as locks, in opposite order. Each was used as a lock before.
#include "in_turns.h"

static sem_t left;
static sem_t right;

static void make(sem_t* semaphore) {
  CHECK_SYSTEM(sem_init(semaphore, 0, 1));
  CHECK_SYSTEM(sem_wait(semaphore));
  CHECK_SYSTEM(sem_post(semaphore));
}

static void left_then_right(void) {
  CHECK_SYSTEM(sem_wait(&left));
  CHECK_SYSTEM(sem_wait(&right));
  CHECK_SYSTEM(sem_post(&right));
  CHECK_SYSTEM(sem_post(&left));
}

static void right_then_left(void) {
  CHECK_SYSTEM(sem_wait(&right));
  CHECK_SYSTEM(sem_wait(&left));
  CHECK_SYSTEM(sem_post(&left));
  CHECK_SYSTEM(sem_post(&right));
}

int main(void) {
  make(&left);
  make(&right);
  two_turns(left_then_right, right_then_left);
  return 0;
}
