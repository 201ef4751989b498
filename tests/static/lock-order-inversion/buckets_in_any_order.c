// An entry moves from one bucket to another; nothing says which index is smaller.
#include <pthread.h>

struct bucket {
  pthread_mutex_t lock;
  int entries;
};

extern struct bucket buckets[64];

void move_entry(int from, int to) {
  pthread_mutex_lock(&buckets[from].lock);
  pthread_mutex_lock(&buckets[to].lock);  // EXPECT: lock-order-inversion
  buckets[from].entries--;
  buckets[to].entries++;
  pthread_mutex_unlock(&buckets[to].lock);
  pthread_mutex_unlock(&buckets[from].lock);
}
