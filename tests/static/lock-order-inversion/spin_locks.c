// Spin locks wait for each other just as well.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_spinlock_t head, tail;

int queue_setup(void) {
  if (pthread_spin_init(&head, PTHREAD_PROCESS_PRIVATE) != 0) return -1;
  return pthread_spin_init(&tail, PTHREAD_PROCESS_PRIVATE);
}

void queue_push(void) {
  pthread_spin_lock(&tail);
  pthread_spin_lock(&head);  // EXPECT: lock-order-inversion
  pthread_spin_unlock(&head);
  pthread_spin_unlock(&tail);
}

void queue_pop(void) {
  pthread_spin_lock(&head);
  pthread_spin_lock(&tail);  // EXPECT: lock-order-inversion
  pthread_spin_unlock(&tail);
  pthread_spin_unlock(&head);
}
