// Semaphores are waited for and posted in opposite directions by two threads, and one with a unit to begin
// with travels.
#include "support.h"

static sem_t left_is_here, right_is_here;
static sem_t baton;
static int turns;

// Each posts its own arrival and then waits for the other's. The baton starts with one unit and is passed on.
static void* from_left(void* argument) {
  for (int i = 0; i < 100; ++i) {
    CHECK_SYSTEM(sem_wait(&baton));
    CHECK_SYSTEM(sem_post(&left_is_here));
    CHECK_SYSTEM(sem_wait(&right_is_here));
    ++turns;
  }
  return argument;
}

static void* from_right(void* argument) {
  for (int i = 0; i < 100; ++i) {
    CHECK_SYSTEM(sem_post(&right_is_here));
    CHECK_SYSTEM(sem_wait(&left_is_here));
    CHECK_SYSTEM(sem_post(&baton));
  }
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&left_is_here, 0, 0));
  CHECK_SYSTEM(sem_init(&right_is_here, 0, 0));
  CHECK_SYSTEM(sem_init(&baton, 0, 1));
  pthread_t a = start(from_left, NULL);
  pthread_t b = start(from_right, NULL);
  join(a);
  join(b);
  printf("%d\n", turns);
  return 0;
}
