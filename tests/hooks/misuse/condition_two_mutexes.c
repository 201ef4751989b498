// Two threads wait on one condition, each with a mutex of its own.
// EXPECT: rule=condition-mutex-mismatch grade=proven threads=2 kinds=condition*2 names=ready
#include "support.h"

static pthread_mutex_t first_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int sleeper_tid, woken;

static void* wait_with_first(void* argument) {
  name_thread("first");
  CHECK(pthread_mutex_lock(&first_lock));
  tell_tid(&sleeper_tid);
  while (!woken) CHECK(pthread_cond_wait(&ready, &first_lock));
  CHECK(pthread_mutex_unlock(&first_lock));
  return argument;
}

int main(void) {
  pthread_t first = start(wait_with_first, NULL);
  await_sleep(&sleeper_tid);
  const struct timespec until = from_now(CLOCK_REALTIME, 1);
  CHECK(pthread_mutex_lock(&second_lock));
  CHECK_THAT(pthread_cond_timedwait(&ready, &second_lock, &until) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&second_lock));
  CHECK(pthread_mutex_lock(&first_lock));
  woken = 1;
  CHECK(pthread_cond_signal(&ready));
  CHECK(pthread_mutex_unlock(&first_lock));
  join(first);
  puts("woken");
  return 0;
}
