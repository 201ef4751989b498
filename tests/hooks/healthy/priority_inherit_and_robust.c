// Mutexes with priority inheritance, a stalled and a robust one, under contention.
#include "support.h"

enum { kThreads = 4 };
static pthread_mutex_t inheriting, inheriting_robust;
static int count;

static void init(pthread_mutex_t* lock, int robustness) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT));
  CHECK(pthread_mutexattr_setrobust(&attributes, robustness));
  CHECK(pthread_mutex_init(lock, &attributes));
}

static void* work(void* argument) {
  for (int i = 0; i < 2000; ++i) {
    CHECK(pthread_mutex_lock(&inheriting));
    CHECK(pthread_mutex_lock(&inheriting_robust));
    ++count;
    CHECK(pthread_mutex_unlock(&inheriting_robust));
    CHECK(pthread_mutex_unlock(&inheriting));
  }
  return argument;
}

int main(void) {
  init(&inheriting, PTHREAD_MUTEX_STALLED);
  init(&inheriting_robust, PTHREAD_MUTEX_ROBUST);
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i) threads[i] = start(work, NULL);
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  printf("%d\n", count);
  return 0;
}
