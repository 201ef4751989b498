// Main uses the lock of its workers before and after the join, and joins under a lock that they never take.
#include "support.h"

static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t main_lock = PTHREAD_MUTEX_INITIALIZER;
static int state;

static void* work(void* argument) {
  CHECK(pthread_mutex_lock(&state_lock));
  ++state;
  CHECK(pthread_mutex_unlock(&state_lock));
  return argument;
}

int main(void) {
  pthread_t a = start(work, NULL);
  CHECK(pthread_mutex_lock(&state_lock));
  ++state;
  CHECK(pthread_mutex_unlock(&state_lock));
  pthread_t b = start(work, NULL);
  // Held while it joins, but not by any of those that are joined.
  CHECK(pthread_mutex_lock(&main_lock));
  join(a);
  join(b);
  CHECK(pthread_mutex_lock(&state_lock));
  printf("%d\n", state);
  CHECK(pthread_mutex_unlock(&state_lock));
  CHECK(pthread_mutex_unlock(&main_lock));
  return 0;
}
