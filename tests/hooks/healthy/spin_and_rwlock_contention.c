// Spinlocks and a rwlock under contention, always in one order.
#include "support.h"

enum { kThreads = 4 };
static pthread_spinlock_t spin;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int writes, reads;

static void* work(void* argument) {
  for (int i = 0; i < 2000; ++i) {
    if (i % 4 == 0) {
      CHECK(pthread_rwlock_wrlock(&rwlock));
      ++writes;
    } else {
      CHECK(pthread_rwlock_rdlock(&rwlock));
    }
    CHECK(pthread_spin_lock(&spin));
    ++reads;
    CHECK(pthread_spin_unlock(&spin));
    CHECK(pthread_rwlock_unlock(&rwlock));
  }
  return argument;
}

int main(void) {
  CHECK(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i) threads[i] = start(work, NULL);
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  CHECK(pthread_spin_destroy(&spin));
  printf("%d %d\n", writes, reads);
  return 0;
}
