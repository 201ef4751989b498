// A mutex that checks refuses, and the wait fails.
// EXPECT: rule=wait-without-mutex grade=proven threads=1 kinds=condition names=ready
#include "support.h"

static pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;

int main(void) {
  CHECK_THAT(pthread_cond_wait(&ready, &mutex) == EPERM);
  puts("refused");
  return 0;
}
