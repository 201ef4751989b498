// A mutex is destroyed that a thread will take back when its wait on a condition is over; glibc refuses.
// EXPECT: rule=destroy-while-held grade=proven threads=2 kinds=mutex*2 names=mutex
#include "support.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int waiter_tid, woken;

static void* wait_for_it(void* argument) {
  CHECK(pthread_mutex_lock(&mutex));
  tell_tid(&waiter_tid);
  while (!woken) CHECK(pthread_cond_wait(&ready, &mutex));
  CHECK(pthread_mutex_unlock(&mutex));
  return argument;
}

int main(void) {
  pthread_t waiter = start(wait_for_it, NULL);
  await_sleep(&waiter_tid);
  CHECK_THAT(pthread_mutex_destroy(&mutex) == EBUSY);
  CHECK(pthread_mutex_lock(&mutex));
  woken = 1;
  CHECK(pthread_cond_signal(&ready));
  CHECK(pthread_mutex_unlock(&mutex));
  join(waiter);
  puts("refused");
  return 0;
}
