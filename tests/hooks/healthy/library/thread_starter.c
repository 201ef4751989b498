// A library whose constructor starts threads and whose destructor joins them.
#include "support.h"

enum { kThreads = 4 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t threads[kThreads];
static int total;

static void* work(void* argument) {
  for (int i = 0; i < 100; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    ++total;
    CHECK(pthread_mutex_unlock(&lock));
  }
  return argument;
}

__attribute__((constructor)) static void start_all(void) {
  CHECK(pthread_mutex_lock(&lock));
  for (int i = 0; i < kThreads; ++i) threads[i] = start(work, NULL);
  CHECK(pthread_mutex_unlock(&lock));
}

__attribute__((destructor)) static void join_all(void) {
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
}

int thread_starter_total(void) {
  CHECK(pthread_mutex_lock(&lock));
  int result = total;
  CHECK(pthread_mutex_unlock(&lock));
  return result;
}
