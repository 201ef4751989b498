// Robust mutexes are made for owners that end: the next one is told, and repairs.
#include "support.h"

static pthread_mutex_t robust;

static void* take(void* argument) {
  CHECK(pthread_mutex_lock(&robust));
  return argument;
}

int main(void) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
  CHECK(pthread_mutex_init(&robust, &attributes));
  join(start(take, NULL));
  CHECK_THAT(pthread_mutex_lock(&robust) == EOWNERDEAD);
  CHECK(pthread_mutex_consistent(&robust));
  CHECK(pthread_mutex_unlock(&robust));
  CHECK(pthread_mutex_destroy(&robust));
  puts("repaired");
  return 0;
}
