// Two elements of an array of locks, the smaller index first.
#include <pthread.h>

struct bucket {
  pthread_mutex_t lock;
  int entries;
};

extern struct bucket buckets[64];

void move_entry(int from, int to) {
  if (from == to) return;
  int low = from < to ? from : to;
  int high = from < to ? to : from;
  pthread_mutex_lock(&buckets[low].lock);
  pthread_mutex_lock(&buckets[high].lock);
  buckets[from].entries--;
  buckets[to].entries++;
  pthread_mutex_unlock(&buckets[high].lock);
  pthread_mutex_unlock(&buckets[low].lock);
}
