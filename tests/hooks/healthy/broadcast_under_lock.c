// Twenty waiters are woken by a broadcast whose sender keeps the mutex for another 400 ms: they queue up for
// it.
#include "support.h"

enum { kWaiters = 20 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int waiting, ready;

static void* wait_for_change(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  ++waiting;
  while (!ready) CHECK(pthread_cond_wait(&changed, &lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  pthread_t waiters[kWaiters];
  for (int i = 0; i < kWaiters; ++i) waiters[i] = start(wait_for_change, NULL);
  CHECK(pthread_mutex_lock(&lock));
  while (waiting < kWaiters) {
    CHECK(pthread_mutex_unlock(&lock));
    sched_yield();
    CHECK(pthread_mutex_lock(&lock));
  }
  ready = 1;
  CHECK(pthread_cond_broadcast(&changed));
  pass_time(400);
  CHECK(pthread_mutex_unlock(&lock));
  for (int i = 0; i < kWaiters; ++i) join(waiters[i]);
  puts("all woken");
  return 0;
}
