// Undefined but common: a normal mutex used as an event, locked by one thread and unlocked by another.
// EXPECT: rule=unlock-not-owner grade=proven threads=1 kinds=mutex names=event
// EXPECT: rule=unlock-not-owner grade=proven threads=1 kinds=mutex names=done
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=event
#include "support.h"

static pthread_mutex_t event = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t done = PTHREAD_MUTEX_INITIALIZER;

static void* answer(void* argument) {
  for (int i = 0; i < 100; ++i) {
    CHECK(pthread_mutex_lock(&event));
    CHECK(pthread_mutex_unlock(&done));
  }
  return argument;
}

int main(void) {
  CHECK(pthread_mutex_lock(&event));
  CHECK(pthread_mutex_lock(&done));
  pthread_t other = start(answer, NULL);
  for (int i = 0; i < 100; ++i) {
    if (i == 50) pass_time(400);  // both are quiet for a while
    CHECK(pthread_mutex_unlock(&event));
    CHECK(pthread_mutex_lock(&done));
  }
  join(other);
  puts("answered");
  return 0;
}
