// The condition of C11.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t mutex;
static cnd_t idle;
static int busy;

int setup(void) {
  return mtx_init(&mutex, mtx_plain) == thrd_success && cnd_init(&idle) == thrd_success;
}

void start(void) {
  mtx_lock(&mutex);
  if (busy) cnd_wait(&idle, &mutex);  // EXPECT: wait-without-loop
  busy = 1;
  mtx_unlock(&mutex);
}

void stop(void) {
  mtx_lock(&mutex);
  busy = 0;
  cnd_signal(&idle);
  mtx_unlock(&mutex);
}
