// A timed lock that was got in time is held.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t mutex;
static int readings;

int setup(void) {
  return mtx_init(&mutex, mtx_timed);
}

int record(const struct timespec* until, int reading) {
  if (mtx_timedlock(&mutex, until) != thrd_success) return -1;
  if (reading < 0) return -2;  // EXPECT: missing-unlock
  readings += reading;
  mtx_unlock(&mutex);
  return 0;
}
