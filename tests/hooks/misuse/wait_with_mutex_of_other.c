// A thread waits with a mutex that another holds: the wait unlocks it under that thread's hands.
// EXPECT: rule=wait-without-mutex grade=proven threads=1 kinds=condition names=ready
#include "support.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int taken, done;

static void* hold(void* argument) {
  CHECK(pthread_mutex_lock(&mutex));
  raise_flag(&taken);
  await_flag(&done);
  return argument;
}

int main(void) {
  const struct timespec until = from_now(CLOCK_REALTIME, 1);
  start(hold, NULL);
  await_flag(&taken);
  pthread_cond_timedwait(&ready, &mutex, &until);
  puts("waited");
  return 0;
}
