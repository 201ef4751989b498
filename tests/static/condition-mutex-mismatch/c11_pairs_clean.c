// Two pairs of C11's conditions and mutexes.
// FLAGS: -std=c11
#include <threads.h>

struct gate {
  mtx_t mutex;
  cnd_t opened;
  int open;
};

static struct gate entry, way_out;

int setup(void) {
  if (mtx_init(&entry.mutex, mtx_plain) != thrd_success || cnd_init(&entry.opened) != thrd_success) return -1;
  if (mtx_init(&way_out.mutex, mtx_plain) != thrd_success) return -1;
  return cnd_init(&way_out.opened);
}

static void pass(struct gate* gate) {
  mtx_lock(&gate->mutex);
  while (!gate->open) cnd_wait(&gate->opened, &gate->mutex);
  mtx_unlock(&gate->mutex);
}

void walk(void) {
  pass(&entry);
  pass(&way_out);
}
