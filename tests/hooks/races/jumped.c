// RACE: value, leaf
// Frames that are jumped out of are no longer part of the stack.
// NOT: jumper
#include <pthread.h>
#include <setjmp.h>

#include "turns.h"

int value;
static __thread jmp_buf target;

__attribute__((noinline)) static void jumper(volatile int depth) {
  if (depth == 0) longjmp(target, 1);
  jumper(depth - 1);
  arrive();
}

__attribute__((noinline)) static void leaf(void) {
  if (RACY) value += 1;
}

static void* work(void* unused) {
  for (volatile int i = 0; i < 100; ++i)
    if (setjmp(target) == 0) jumper(20);
  leaf();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  work(0);
  pthread_join(thread, 0);
  step(1), await(1);
  return 0;
}
