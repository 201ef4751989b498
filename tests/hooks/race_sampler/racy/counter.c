// Two threads count in one variable.
// EXPECT: grade=proven functions=count_one,count_one
#include "for_a_while.h"

static long total;

__attribute__((noinline)) static void count_one(void) {
  ++total;
}

static void* body(void* nothing) {
  while (goes_on()) {
    count_one();
    spend(500);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(body, body, NULL);
  return total == 0;
}
