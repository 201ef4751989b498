// EXPECT: rule=deadlock grade=inferred threads=5 kinds=semaphore*5
// INSPECT: rule=global-stall grade=inferred has=semaphore
// Five philosophers, the forks are semaphores: all take their left fork, then want the right one.
#include "support.h"

enum { kCount = 5 };
static sem_t forks[kCount];
static int numbers[kCount];
static int all_hold_left;

static void* dine(void* argument) {
  int seat = *(int*)argument;
  sem_t* left = &forks[seat];
  sem_t* right = &forks[(seat + 1) % kCount];
  CHECK_SYSTEM(sem_wait(left));
  meet(&all_hold_left, kCount);
  CHECK_SYSTEM(sem_wait(right));
  return NULL;
}

int main(void) {
  pthread_t threads[kCount];
  for (int i = 0; i < kCount; ++i) {
    CHECK_SYSTEM(sem_init(&forks[i], 0, 1));
    CHECK_SYSTEM(sem_wait(&forks[i]));
    CHECK_SYSTEM(sem_post(&forks[i]));
    numbers[i] = i;
  }
  for (int i = 0; i < kCount; ++i) threads[i] = start(dine, &numbers[i]);
  for (int i = 0; i < kCount; ++i) join(threads[i]);
  return 0;
}
