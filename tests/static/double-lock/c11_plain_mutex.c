// A plain mutex of C11 is not recursive.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t mutex;
static int depth;

int setup(void) {
  return mtx_init(&mutex, mtx_plain) == thrd_success ? 0 : -1;
}

static void leave(void) {
  mtx_lock(&mutex);  // EXPECT: double-lock
  depth--;
  mtx_unlock(&mutex);
}

void enter(int limit) {
  mtx_lock(&mutex);
  depth++;
  if (depth > limit) leave();
  mtx_unlock(&mutex);
}
