// Nobody handles it: the program ends by SIGTRAP, from a thread, by a breakpoint instruction.
#include "for_a_while.h"

static long shared;

static void* worker(void* last) {
  while (goes_on()) {
    ++shared;
    spend(500);
  }
  if (last != NULL) __asm__ volatile("int3");
  return NULL;
}

int main(int count, char** words) {
  run_for(count, words);
  pthread_t first = start(worker, NULL);
  join(start(worker, &shared));
  join(first);
  return 0;
}
