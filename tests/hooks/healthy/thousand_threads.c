// A thousand threads at once, all through one lock.
#include "support.h"

enum { kThreads = 1000 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* add_one(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  ++count;
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  static pthread_t threads[kThreads];
  CHECK(pthread_mutex_lock(&lock));
  for (int i = 0; i < kThreads; ++i) threads[i] = start(add_one, NULL);
  CHECK(pthread_mutex_unlock(&lock));
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  printf("%d\n", count);
  return 0;
}
