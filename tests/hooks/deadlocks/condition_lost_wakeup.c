// EXPECT: rule=lost-wakeup grade=inferred has=condition names=ready
// INSPECT: rule=global-stall grade=inferred has=condition names=ready
// The only signal comes before the wait, which does not test a predicate; the signaller has ended.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int signalled;

static void* signal_once(void* argument) {
  name_thread("signaller");
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_cond_signal(&ready));
  CHECK(pthread_mutex_unlock(&lock));
  raise_flag(&signalled);
  return argument;
}

static void* wait_too_late(void* argument) {
  name_thread("waiter");
  await_flag(&signalled);
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_cond_wait(&ready, &lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  pthread_t waiter = start(wait_too_late, NULL);
  join(start(signal_once, NULL));
  join(waiter);
  return 0;
}
