// A `continue` passes by the unlock; the next round locks again.
#include <pthread.h>

struct slot {
  int used;
  int size;
};

static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot slots[32];

int used_bytes(void) {
  int sum = 0;
  for (int i = 0; i < 32; i++) {
    pthread_mutex_lock(&slots_lock);  // EXPECT: double-lock
    if (!slots[i].used) continue;
    sum += slots[i].size;
    pthread_mutex_unlock(&slots_lock);
  }
  return sum;  // EXPECT-MAY: missing-unlock
}

void use_slot(int i, int size) {
  pthread_mutex_lock(&slots_lock);
  slots[i].used = 1;
  slots[i].size = size;
  pthread_mutex_unlock(&slots_lock);
}
