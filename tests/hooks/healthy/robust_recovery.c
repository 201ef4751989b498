// A robust mutex whose owner has ended: the next one gets EOWNERDEAD, repairs it and goes on; unrepaired it
// is lost.
#include "support.h"

static pthread_mutex_t lock;

static void* lock_and_end(void* argument) {
  int error = pthread_mutex_lock(&lock);
  CHECK_THAT(error == 0 || error == EOWNERDEAD);
  return argument;
}

int main(void) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
  CHECK(pthread_mutex_init(&lock, &attributes));
  for (int i = 0; i < 10; ++i) {
    join(start(lock_and_end, NULL));
    CHECK_THAT(pthread_mutex_lock(&lock) == EOWNERDEAD);
    CHECK(pthread_mutex_consistent(&lock));
    CHECK(pthread_mutex_unlock(&lock));
  }
  join(start(lock_and_end, NULL));
  CHECK_THAT(pthread_mutex_trylock(&lock) == EOWNERDEAD);
  CHECK(pthread_mutex_unlock(&lock));
  CHECK_THAT(pthread_mutex_lock(&lock) == ENOTRECOVERABLE);
  CHECK(pthread_mutex_destroy(&lock));
  puts("recovered");
  return 0;
}
