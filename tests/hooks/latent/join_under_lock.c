// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,thread names=state_lock
// CONFIRM: reachable=yes
// Main joins a worker under a lock that the worker takes, and this time had taken before.
#include "in_turns.h"

static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;
static int gate;
static int finished;

static void* finish(void* argument) {
  name_thread("worker");
  meet(&gate, 2);
  CHECK(pthread_mutex_lock(&state_lock));
  CHECK(pthread_mutex_unlock(&state_lock));
  raise_flag(&finished);
  return argument;
}

int main(void) {
  pthread_t worker = start(finish, NULL);
  meet(&gate, 2);
  await_flag_for(&finished, kPatience);
  CHECK(pthread_mutex_lock(&state_lock));
  join(worker);
  CHECK(pthread_mutex_unlock(&state_lock));
  return 0;
}
