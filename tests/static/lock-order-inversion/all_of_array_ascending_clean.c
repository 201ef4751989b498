// A loop takes all locks of an array, from the first to the last.
#include <pthread.h>

enum { kStripes = 16 };

struct stripe {
  pthread_mutex_t lock;
  int used;
};

static struct stripe stripes[kStripes];

void setup(void) {
  for (int i = 0; i < kStripes; i++) pthread_mutex_init(&stripes[i].lock, NULL);
}

void take(unsigned hash) {
  struct stripe* stripe = &stripes[hash % kStripes];
  pthread_mutex_lock(&stripe->lock);
  stripe->used++;
  pthread_mutex_unlock(&stripe->lock);
}

int total(void) {
  int sum = 0;
  for (int i = 0; i < kStripes; i++) pthread_mutex_lock(&stripes[i].lock);
  for (int i = 0; i < kStripes; i++) sum += stripes[i].used;
  for (int i = kStripes - 1; i >= 0; i--) pthread_mutex_unlock(&stripes[i].lock);
  return sum;
}
