// A mutex of C11 is released on the way and at the end.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t mutex;
static int sent;

int setup(void) {
  return mtx_init(&mutex, mtx_plain);
}

void send(int urgent) {
  mtx_lock(&mutex);
  sent++;
  if (urgent) {
    mtx_unlock(&mutex);
    thrd_yield();
  }
  mtx_unlock(&mutex);  // EXPECT: unlock-not-held
}
