// Everything that is shared is under one lock.
#include "for_a_while.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;
static long table[16];

__attribute__((noinline)) static void change(unsigned i) {
  CHECK(pthread_mutex_lock(&lock));
  total += 1;
  table[i % 16] = total;
  CHECK(pthread_mutex_unlock(&lock));
}

static void* body(void* nothing) {
  for (unsigned i = 0; goes_on(); ++i) {
    change(i);
    spend(300);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(body, body, NULL);
  return total == 0;
}
