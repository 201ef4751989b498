// EXPECT: rule=deadlock grade=proven threads=5 kinds=mutex*5
// INSPECT: rule=deadlock grade=proven threads=5 kinds=mutex*5 names=locks
// Five threads in a ring, the main thread is one of them.
#include "support.h"

enum { kCount = 5 };
static pthread_mutex_t locks[kCount];
static int numbers[kCount];
static int all_hold_one;

static void* take(void* argument) {
  int own = *(int*)argument;
  CHECK(pthread_mutex_lock(&locks[own]));
  meet(&all_hold_one, kCount);
  CHECK(pthread_mutex_lock(&locks[(own + 1) % kCount]));
  return NULL;
}

int main(void) {
  for (int i = 0; i < kCount; ++i) CHECK(pthread_mutex_init(&locks[i], NULL));
  for (int i = 0; i < kCount; ++i) {
    numbers[i] = i;
    if (i > 0) start(take, &numbers[i]);
  }
  take(&numbers[0]);
  return 0;
}
