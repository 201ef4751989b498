// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=semaphore,semaphore
// CONFIRM: reachable=yes
// Two named semaphores, opened with one unit and used as locks, in opposite order.
#include "in_turns.h"

static sem_t* left;
static sem_t* right;

static sem_t* open_unlinked(const char* suffix) {
  char name[64];
  snprintf(name, sizeof(name), "/gordian-test-%d-%s", (int)getpid(), suffix);
  sem_t* semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
  CHECK_THAT(semaphore != SEM_FAILED);
  CHECK_SYSTEM(sem_unlink(name));
  CHECK_SYSTEM(sem_wait(semaphore));
  CHECK_SYSTEM(sem_post(semaphore));
  return semaphore;
}

static void left_then_right(void) {
  CHECK_SYSTEM(sem_wait(left));
  CHECK_SYSTEM(sem_wait(right));
  CHECK_SYSTEM(sem_post(right));
  CHECK_SYSTEM(sem_post(left));
}

static void right_then_left(void) {
  CHECK_SYSTEM(sem_wait(right));
  CHECK_SYSTEM(sem_wait(left));
  CHECK_SYSTEM(sem_post(left));
  CHECK_SYSTEM(sem_post(right));
}

int main(void) {
  left = open_unlinked("left");
  right = open_unlinked("right");
  two_turns(left_then_right, right_then_left);
  return 0;
}
