// _exit while other threads hold locks and wait for them.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int held;

static void* hold(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  raise_flag(&held);
  for (;;) pause();
  return argument;
}

static void* want(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  return argument;
}

int main(void) {
  start(hold, NULL);
  await_flag(&held);
  for (int i = 0; i < 5; ++i) start(want, NULL);
  pass_time(300);
  CHECK_THAT(write(1, "leaving\n", 8) == 8);
  _exit(0);
}
