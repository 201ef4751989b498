// mtx_recursive, as a flag beside mtx_plain.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t mutex;
static int users;

int setup(void) {
  return mtx_init(&mutex, mtx_plain | mtx_recursive) == thrd_success ? 0 : -1;
}

static void add_user(void) {
  mtx_lock(&mutex);
  users++;
  mtx_unlock(&mutex);
}

void add_pair(void) {
  mtx_lock(&mutex);
  add_user();
  add_user();
  mtx_unlock(&mutex);
}
