// Every function locks, but for the one that resets.
#include <pthread.h>

struct meter {
  pthread_mutex_t lock;
  long total;
};

void meter_add(struct meter* meter, long amount) {
  pthread_mutex_lock(&meter->lock);
  meter->total += amount;  // EXPECT-MAY: data-race
  pthread_mutex_unlock(&meter->lock);
}

void meter_subtract(struct meter* meter, long amount) {
  pthread_mutex_lock(&meter->lock);
  meter->total -= amount;  // EXPECT-MAY: data-race
  pthread_mutex_unlock(&meter->lock);
}

long meter_read(struct meter* meter) {
  pthread_mutex_lock(&meter->lock);
  long total = meter->total;  // EXPECT-MAY: data-race
  pthread_mutex_unlock(&meter->lock);
  return total;
}

void meter_reset(struct meter* meter) {
  meter->total = 0;  // EXPECT: data-race "total"
}
