// The main thread leaves with pthread_exit; the workers go on with their locks, and the last one ends the
// process.
#include "support.h"

enum { kWorkers = 4 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int left_to_do = kWorkers;

static void* work(void* argument) {
  for (int i = 0; i < 1000; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_unlock(&lock));
  }
  CHECK(pthread_mutex_lock(&lock));
  if (--left_to_do == 0) puts("last worker");
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  for (int i = 0; i < kWorkers; ++i) CHECK(pthread_detach(start(work, NULL)));
  pthread_exit(NULL);
}
