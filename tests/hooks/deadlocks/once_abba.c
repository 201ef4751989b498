// EXPECT: rule=deadlock grade=proven threads=2 kinds=once,once names=first_once,second_once
// Two pthread_once initialisers that need each other, entered from both ends.
#include "support.h"

static pthread_once_t first_once = PTHREAD_ONCE_INIT;
static pthread_once_t second_once = PTHREAD_ONCE_INIT;
static int both_are_inside;

static void init_second(void);

static void init_first(void) {
  meet(&both_are_inside, 2);
  CHECK(pthread_once(&second_once, init_second));
}

static void init_second(void) {
  meet(&both_are_inside, 2);
  CHECK(pthread_once(&first_once, init_first));
}

static void* use_first(void* argument) {
  CHECK(pthread_once(&first_once, init_first));
  return argument;
}

static void* use_second(void* argument) {
  CHECK(pthread_once(&second_once, init_second));
  return argument;
}

int main(void) {
  pthread_t a = start(use_first, NULL);
  pthread_t b = start(use_second, NULL);
  join(a);
  join(b);
  return 0;
}
