// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,thread names=state_lock
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,thread names=state_lock
// The main thread joins a worker while it holds the lock that the worker needs to finish.
#include "support.h"

static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;

static void* finish(void* argument) {
  name_thread("worker");
  CHECK(pthread_mutex_lock(&state_lock));
  CHECK(pthread_mutex_unlock(&state_lock));
  return argument;
}

int main(void) {
  CHECK(pthread_mutex_lock(&state_lock));
  join(start(finish, NULL));
  CHECK(pthread_mutex_unlock(&state_lock));
  return 0;
}
