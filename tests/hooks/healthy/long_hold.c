// Ten threads wait for 1.5 s on a mutex whose holder is in nanosleep: long, but no deadlock.
#include "support.h"

enum { kWaiters = 10 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* add_one(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  ++count;
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  CHECK(pthread_mutex_lock(&lock));
  pthread_t waiters[kWaiters];
  for (int i = 0; i < kWaiters; ++i) waiters[i] = start(add_one, NULL);
  pass_time(1500);
  CHECK(pthread_mutex_unlock(&lock));
  for (int i = 0; i < kWaiters; ++i) join(waiters[i]);
  printf("%d\n", count);
  return 0;
}
