// Two threads each hold two hundred locks at a time, in one order, and release them in another.
#include "support.h"

enum { kLocks = 200 };
static pthread_mutex_t locks[kLocks];
static int rounds;

static void* hold_all(void* argument) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_lock(&locks[i]));
    ++rounds;
    for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_unlock(&locks[i * 7 % kLocks]));
  }
  return argument;
}

int main(void) {
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_init(&locks[i], NULL));
  pthread_t a = start(hold_all, NULL);
  pthread_t b = start(hold_all, NULL);
  join(a);
  join(b);
  printf("%d\n", rounds);
  return 0;
}
