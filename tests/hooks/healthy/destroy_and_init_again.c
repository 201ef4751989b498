// One piece of memory is a mutex, then a rwlock, then a semaphore, again and again.
#include "support.h"

static union {
  pthread_mutex_t mutex;
  pthread_rwlock_t rwlock;
  sem_t semaphore;
} storage;

static void* use(void* argument) {
  for (int i = 0; i < 1000; ++i) {
    CHECK(pthread_mutex_init(&storage.mutex, NULL));
    CHECK(pthread_mutex_lock(&storage.mutex));
    CHECK(pthread_mutex_unlock(&storage.mutex));
    CHECK(pthread_mutex_destroy(&storage.mutex));
    CHECK(pthread_rwlock_init(&storage.rwlock, NULL));
    CHECK(pthread_rwlock_wrlock(&storage.rwlock));
    CHECK(pthread_rwlock_unlock(&storage.rwlock));
    CHECK(pthread_rwlock_destroy(&storage.rwlock));
    CHECK_SYSTEM(sem_init(&storage.semaphore, 0, 1));
    CHECK_SYSTEM(sem_wait(&storage.semaphore));
    CHECK_SYSTEM(sem_destroy(&storage.semaphore));
  }
  return argument;
}

int main(void) {
  join(start(use, NULL));
  use(NULL);
  puts("used again and again");
  return 0;
}
