// A process may end whatever its threads hold: nobody is left to miss it.
#include "support.h"

static pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t others = PTHREAD_MUTEX_INITIALIZER;
static int taken, done;

static void* hold(void* argument) {
  CHECK(pthread_mutex_lock(&others));
  raise_flag(&taken);
  await_flag(&done);
  return argument;
}

static void leave(void) {
  puts("left");
}

int main(void) {
  CHECK_THAT(atexit(leave) == 0);
  CHECK(pthread_mutex_lock(&mine));
  start(hold, NULL);
  await_flag(&taken);
  exit(0);
}
