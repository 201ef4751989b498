// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=semaphore,semaphore optional
// Semaphores crossed with sem_timedwait and sem_clockwait: every wait runs out.
#include "support.h"

static sem_t left, right;
static int both_hold_one, both_timed_out;

static void* take_right(void* argument) {
  CHECK_SYSTEM(sem_wait(&left));
  meet(&both_hold_one, 2);
  struct timespec deadline = from_now(CLOCK_REALTIME, 300);
  CHECK_THAT(sem_timedwait(&right, &deadline) == -1 && errno == ETIMEDOUT);
  meet(&both_timed_out, 2);
  CHECK_SYSTEM(sem_post(&left));
  return argument;
}

static void* take_left(void* argument) {
  CHECK_SYSTEM(sem_wait(&right));
  meet(&both_hold_one, 2);
  struct timespec deadline = from_now(CLOCK_MONOTONIC, 300);
  CHECK_THAT(sem_clockwait(&left, CLOCK_MONOTONIC, &deadline) == -1 && errno == ETIMEDOUT);
  meet(&both_timed_out, 2);
  CHECK_SYSTEM(sem_post(&right));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&left, 0, 1));
  CHECK_SYSTEM(sem_init(&right, 0, 1));
  pthread_t a = start(take_right, NULL);
  pthread_t b = start(take_left, NULL);
  join(a);
  join(b);
  CHECK_SYSTEM(sem_trywait(&left));
  CHECK_SYSTEM(sem_trywait(&right));
  puts("both timed out");
  return 0;
}
