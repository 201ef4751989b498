// OPTIONS: --coverage
// Compiled to count what is executed: the counters are added to by all threads at once, by design.
#include "for_a_while.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;

__attribute__((noinline)) static void change(unsigned i) {
  CHECK(pthread_mutex_lock(&lock));
  total += i & 1;
  CHECK(pthread_mutex_unlock(&lock));
}

static void* body(void* nothing) {
  for (unsigned i = 0; goes_on(); ++i) {
    if (i % 4 == 0) change(i);
    spend(300);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(body, body, NULL);
  return 0;
}
