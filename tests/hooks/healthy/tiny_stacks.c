// Threads with the smallest stack there is: the hooks must not need much of it.
#include <limits.h>

#include "support.h"

enum { kThreads = 20 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t go = PTHREAD_COND_INITIALIZER;
static int may_go, count;

static void* work(void* argument) {
  pthread_mutex_lock(&lock);
  while (!may_go) pthread_cond_wait(&go, &lock);
  ++count;
  pthread_mutex_unlock(&lock);
  return argument;
}

int main(void) {
  pthread_attr_t attributes;
  CHECK(pthread_attr_init(&attributes));
  CHECK(pthread_attr_setstacksize(&attributes, (size_t)PTHREAD_STACK_MIN));
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i) CHECK(pthread_create(&threads[i], &attributes, work, NULL));
  pass_time(300);
  CHECK(pthread_mutex_lock(&lock));
  may_go = 1;
  CHECK(pthread_cond_broadcast(&go));
  CHECK(pthread_mutex_unlock(&lock));
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  printf("%d\n", count);
  return 0;
}
