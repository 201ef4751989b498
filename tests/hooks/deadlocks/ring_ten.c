// EXPECT: rule=deadlock grade=proven threads=10 kinds=mutex*10
// Ten threads in a ring of locks that live on the heap.
#include "support.h"

enum { kCount = 10 };

struct Seat {
  pthread_mutex_t lock;
  struct Seat* next;
};

static int all_hold_one;

static void* take(void* argument) {
  struct Seat* seat = argument;
  CHECK(pthread_mutex_lock(&seat->lock));
  meet(&all_hold_one, kCount);
  CHECK(pthread_mutex_lock(&seat->next->lock));
  return NULL;
}

int main(void) {
  struct Seat* seats[kCount];
  for (int i = 0; i < kCount; ++i) {
    seats[i] = malloc(sizeof(struct Seat));
    CHECK_THAT(seats[i] != NULL);
    CHECK(pthread_mutex_init(&seats[i]->lock, NULL));
  }
  for (int i = 0; i < kCount; ++i) seats[i]->next = seats[(i + 1) % kCount];
  pthread_t threads[kCount];
  for (int i = 0; i < kCount; ++i) threads[i] = start(take, seats[i]);
  for (int i = 0; i < kCount; ++i) join(threads[i]);
  return 0;
}
