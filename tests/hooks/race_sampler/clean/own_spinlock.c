// A spinlock of the program's own: an exchange to take it, a plain store to give it back.
#include "for_a_while.h"

static int locked;
static long total;
static long log_of_totals[8];

static inline void take(void) {
  int was = 1;
  for (;;) {
    __asm__ volatile("xchgl %0, %1" : "+r"(was), "+m"(locked)::"memory");
    if (was == 0) return;
    while (*(volatile int*)&locked != 0) sched_yield();
    was = 1;
  }
}

static inline void give_back(void) {
  __asm__ volatile("movl $0, %0" : "=m"(locked)::"memory");
}

__attribute__((noinline)) static void change(void) {
  take();
  total += 1;
  log_of_totals[total % 8] = total;
  give_back();
}

static void* body(void* nothing) {
  while (goes_on()) {
    change();
    spend(300);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(body, body, NULL);
  return total == 0;
}
