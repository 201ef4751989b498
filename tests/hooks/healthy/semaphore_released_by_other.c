// A semaphore that one thread takes and another gives back, 300 ms later, across a pair that looks crossed.
#include "support.h"

static sem_t left, right;
static int both_hold_one;

static void* left_then_right(void* argument) {
  CHECK_SYSTEM(sem_wait(&left));
  meet(&both_hold_one, 3);
  CHECK_SYSTEM(sem_wait(&right));
  CHECK_SYSTEM(sem_post(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  CHECK_SYSTEM(sem_wait(&right));
  meet(&both_hold_one, 3);
  CHECK_SYSTEM(sem_wait(&left));
  CHECK_SYSTEM(sem_post(&left));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&left, 0, 0));
  CHECK_SYSTEM(sem_init(&right, 0, 0));
  CHECK_SYSTEM(sem_post(&left));
  CHECK_SYSTEM(sem_post(&right));
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  meet(&both_hold_one, 3);
  pass_time(300);
  CHECK_SYSTEM(sem_post(&left));
  CHECK_SYSTEM(sem_post(&right));
  join(a);
  join(b);
  puts("given back by another");
  return 0;
}
