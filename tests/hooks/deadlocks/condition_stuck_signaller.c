// EXPECT: rule=self-deadlock grade=proven threads=1 kinds=mutex names=own_lock
// EXPECT: rule=lost-wakeup grade=inferred has=condition names=ready optional
// The one thread that has ever signalled is stuck in a lock that it holds itself.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t own_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int turns;
static int first_turn_taken;

static void* signal_then_stick(void* argument) {
  name_thread("signaller");
  CHECK(pthread_mutex_lock(&lock));
  ++turns;
  CHECK(pthread_cond_signal(&ready));
  CHECK(pthread_mutex_unlock(&lock));
  await_flag(&first_turn_taken);
  CHECK(pthread_mutex_lock(&own_lock));
  CHECK(pthread_mutex_lock(&own_lock));
  return argument;
}

static void* take_two_turns(void* argument) {
  name_thread("waiter");
  CHECK(pthread_mutex_lock(&lock));
  for (int i = 0; i < 2; ++i) {
    while (turns == 0) CHECK(pthread_cond_wait(&ready, &lock));
    --turns;
    raise_flag(&first_turn_taken);
  }
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  pthread_t waiter = start(take_two_turns, NULL);
  pthread_t signaller = start(signal_then_stick, NULL);
  join(waiter);
  join(signaller);
  return 0;
}
