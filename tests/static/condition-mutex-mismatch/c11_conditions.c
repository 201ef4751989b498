// The condition of C11.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t front, back;
static cnd_t swapped;
static int front_ready, back_ready;

void await_front(void) {
  mtx_lock(&front);
  while (!front_ready) cnd_wait(&swapped, &front);  // EXPECT: condition-mutex-mismatch
  front_ready = 0;
  mtx_unlock(&front);
}

void await_back(void) {
  mtx_lock(&back);
  while (!back_ready) cnd_wait(&swapped, &back);  // EXPECT: condition-mutex-mismatch
  back_ready = 0;
  mtx_unlock(&back);
}

int setup(void) {
  if (mtx_init(&front, mtx_plain) != thrd_success || mtx_init(&back, mtx_plain) != thrd_success) return -1;
  return cnd_init(&swapped);
}
