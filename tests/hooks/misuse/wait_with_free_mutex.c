// A thread waits without having locked the mutex; nobody has.
// EXPECT: rule=wait-without-mutex grade=proven threads=1 kinds=condition names=ready
#include "support.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;

int main(void) {
  const struct timespec until = from_now(CLOCK_REALTIME, 1);
  pthread_cond_timedwait(&ready, &mutex, &until);
  puts("waited");
  return 0;
}
