// A helper spins on the lock that its caller holds.
// FLAGS: -std=gnu17
#include <pthread.h>

struct ring {
  pthread_spinlock_t lock;
  unsigned head, tail;
};

static unsigned ring_used(struct ring* ring) {
  pthread_spin_lock(&ring->lock);
  unsigned used = ring->head - ring->tail;
  pthread_spin_unlock(&ring->lock);
  return used;
}

int ring_push(struct ring* ring) {
  int pushed = 0;
  pthread_spin_lock(&ring->lock);
  if (ring_used(ring) < 64) {  // EXPECT: double-lock
    ring->head++;
    pushed = 1;
  }
  pthread_spin_unlock(&ring->lock);
  return pushed;
}
