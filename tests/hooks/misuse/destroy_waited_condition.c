// A condition is destroyed while a thread sleeps on it. glibc waits there until the thread's limit is over.
// EXPECT: rule=destroy-while-held grade=proven threads=2 kinds=condition*2 names=ready
#include "support.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int waiter_tid;

static void* wait_for_it(void* argument) {
  const struct timespec until = from_now(CLOCK_REALTIME, 500);
  CHECK(pthread_mutex_lock(&mutex));
  tell_tid(&waiter_tid);
  CHECK_THAT(pthread_cond_timedwait(&ready, &mutex, &until) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&mutex));
  return argument;
}

int main(void) {
  pthread_t waiter = start(wait_for_it, NULL);
  await_sleep(&waiter_tid);
  CHECK(pthread_cond_destroy(&ready));
  join(waiter);
  puts("destroyed");
  return 0;
}
