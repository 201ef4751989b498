// Two threads take one token each and want the other's kind: it looks like a cycle, but a third thread posts
// new tokens.
#include "support.h"

static sem_t red, blue;
static int both_hold_one;

static void* red_then_blue(void* argument) {
  CHECK_SYSTEM(sem_wait(&red));
  meet(&both_hold_one, 2);
  CHECK_SYSTEM(sem_wait(&blue));
  return argument;
}

static void* blue_then_red(void* argument) {
  CHECK_SYSTEM(sem_wait(&blue));
  meet(&both_hold_one, 2);
  CHECK_SYSTEM(sem_wait(&red));
  return argument;
}

static void* mint(void* argument) {
  for (int round = 0; round < 2; ++round) {
    CHECK_SYSTEM(sem_post(&red));
    CHECK_SYSTEM(sem_post(&blue));
    pass_time(500);
  }
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&red, 0, 0));
  CHECK_SYSTEM(sem_init(&blue, 0, 0));
  pthread_t a = start(red_then_blue, NULL);
  pthread_t b = start(blue_then_red, NULL);
  pthread_t minter = start(mint, NULL);
  join(a);
  join(b);
  join(minter);
  puts("tokens spent");
  return 0;
}
