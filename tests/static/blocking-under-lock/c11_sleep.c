// thrd_sleep with a mutex of C11.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t mutex;
static int ticks;

int setup(void) {
  return mtx_init(&mutex, mtx_plain);
}

void tick(const struct timespec* pause) {
  mtx_lock(&mutex);
  ticks++;
  thrd_sleep(pause, 0);  // EXPECT: blocking-under-lock
  mtx_unlock(&mutex);
}
