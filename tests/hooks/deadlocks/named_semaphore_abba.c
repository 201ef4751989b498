// EXPECT: rule=deadlock grade=inferred threads=2 kinds=semaphore,semaphore
// Two named semaphores, opened and unlinked, used as locks in opposite order.
#include "support.h"

#include <fcntl.h>

static sem_t *left, *right;
static int both_hold_one;

static sem_t* open_unlinked(const char* suffix) {
  char name[64];
  snprintf(name, sizeof(name), "/gordian-test-%d-%s", (int)getpid(), suffix);
  sem_t* semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
  CHECK_THAT(semaphore != SEM_FAILED);
  CHECK_SYSTEM(sem_unlink(name));
  return semaphore;
}

static void* left_then_right(void* argument) {
  name_thread("left first");
  CHECK_SYSTEM(sem_wait(left));
  meet(&both_hold_one, 2);
  CHECK_SYSTEM(sem_wait(right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK_SYSTEM(sem_wait(right));
  meet(&both_hold_one, 2);
  CHECK_SYSTEM(sem_wait(left));
  return argument;
}

int main(void) {
  left = open_unlinked("left");
  right = open_unlinked("right");
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
