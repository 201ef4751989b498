// A spin lock is left behind where there is no room.
// FLAGS: -std=gnu17
#include <pthread.h>

struct ring {
  pthread_spinlock_t lock;
  unsigned head, tail;
};

int ring_push(struct ring* ring) {
  pthread_spin_lock(&ring->lock);
  if (ring->head - ring->tail == 64) return 0;  // EXPECT: missing-unlock
  ring->head++;
  pthread_spin_unlock(&ring->lock);
  return 1;
}
