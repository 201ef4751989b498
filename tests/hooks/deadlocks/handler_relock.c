// EXPECT: rule=self-deadlock grade=proven threads=1 kinds=mutex names=log_lock
// INSPECT: rule=self-deadlock grade=inferred threads=1 kinds=mutex names=log_lock
// A signal handler takes the lock that its own thread holds.
#include <signal.h>

#include "support.h"

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

static void log_signal(int number) {
  (void)number;
  pthread_mutex_lock(&log_lock);
  pthread_mutex_unlock(&log_lock);
}

static void* work(void* argument) {
  name_thread("interrupted");
  CHECK(pthread_mutex_lock(&log_lock));
  CHECK_SYSTEM(raise(SIGUSR1));
  CHECK(pthread_mutex_unlock(&log_lock));
  return argument;
}

int main(void) {
  struct sigaction action = {0};
  action.sa_handler = log_signal;
  CHECK_SYSTEM(sigaction(SIGUSR1, &action, NULL));
  join(start(work, NULL));
  return 0;
}
