// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,stdio lock names=log_lock
// CONFIRM: reachable=yes
// A stream and a mutex: one thread locks the stream under the mutex, the other the mutex under the stream.
#include "in_turns.h"

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static FILE* log_file;

static void write_line(void) {
  CHECK(pthread_mutex_lock(&log_lock));
  flockfile(log_file);
  fputs("line\n", log_file);
  funlockfile(log_file);
  CHECK(pthread_mutex_unlock(&log_lock));
}

static void rotate(void) {
  flockfile(log_file);
  CHECK(pthread_mutex_lock(&log_lock));
  CHECK(pthread_mutex_unlock(&log_lock));
  funlockfile(log_file);
}

int main(void) {
  log_file = fopen("/dev/null", "w");
  CHECK_THAT(log_file != NULL);
  two_turns(write_line, rotate);
  return 0;
}
