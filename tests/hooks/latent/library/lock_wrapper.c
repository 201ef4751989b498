#include "lock_wrapper.h"

#include "support.h"

struct Lock {
  pthread_mutex_t mutex;
};

struct Lock* lock_new(void) {
  struct Lock* lock = malloc(sizeof(*lock));
  CHECK_THAT(lock != NULL);
  CHECK(pthread_mutex_init(&lock->mutex, NULL));
  return lock;
}

void lock_take(struct Lock* lock) {
  CHECK(pthread_mutex_lock(&lock->mutex));
}

void lock_give(struct Lock* lock) {
  CHECK(pthread_mutex_unlock(&lock->mutex));
}
