// A value is handed over by a plain flag: nothing but single moves, which without debug information may be
// atomic operations.
// EXPECT: grade=inferred stripped=unlikely functions=publish,consume
#include "for_a_while.h"

static int is_there;
static long value;

__attribute__((noinline)) static void publish(long what) {
  value = what;
  __asm__ volatile("" ::: "memory");
  is_there = 1;
}

__attribute__((noinline)) static long consume(void) {
  if (is_there == 0) return 0;
  const long result = value;
  __asm__ volatile("" ::: "memory");
  is_there = 0;
  return result;
}

static void* producer(void* nothing) {
  for (long i = 1; goes_on(); ++i) {
    publish(i);
    spend(300);
  }
  return nothing;
}

static void* consumer(void* nothing) {
  long sum = 0;
  while (goes_on()) {
    sum += consume();
    spend(200);
  }
  return sum == 0 ? nothing : NULL;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(producer, consumer, NULL);
  return 0;
}
