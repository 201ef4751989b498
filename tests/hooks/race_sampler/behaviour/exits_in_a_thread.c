// One thread ends the process while others are made to stand at breakpoints: the exit code and what was said
// arrive.
#include "for_a_while.h"

static long shared;

__attribute__((noreturn)) static void* racer(void* nothing) {
  (void)nothing;
  for (;;) {
    ++shared;
    spend(200);
  }
}

static void* ender(void* nothing) {
  (void)nothing;
  while (goes_on()) {
    ++shared;
    spend(200);
  }
  puts("the end");
  exit(7);
}

int main(int count, char** words) {
  run_for(count, words);
  start(racer, NULL);
  start(racer, NULL);
  join(start(ender, NULL));
  return 0;
}
