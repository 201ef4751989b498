// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,thread names=shutdown_lock
// An atexit handler joins a worker under the lock that the worker needs: the program never ends.
#include "support.h"

static pthread_mutex_t shutdown_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t worker;
static int stopping;

static void stop_worker(void) {
  CHECK(pthread_mutex_lock(&shutdown_lock));
  raise_flag(&stopping);
  join(worker);
  CHECK(pthread_mutex_unlock(&shutdown_lock));
}

static void* work(void* argument) {
  name_thread("worker");
  await_flag(&stopping);
  CHECK(pthread_mutex_lock(&shutdown_lock));
  CHECK(pthread_mutex_unlock(&shutdown_lock));
  return argument;
}

int main(void) {
  CHECK_THAT(atexit(stop_worker) == 0);
  worker = start(work, NULL);
  return 0;
}
