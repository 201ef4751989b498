// One thread holds two thousand locks, then takes another two hundred thousand one after the other.
#include "support.h"

enum { kLocks = 2000 };

static void* hold_all(void* argument) {
  pthread_mutex_t* locks = argument;
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_lock(&locks[i]));
  for (int i = kLocks - 1; i >= 0; --i) CHECK(pthread_mutex_unlock(&locks[i]));
  for (int i = 0; i < 100 * kLocks; ++i) {
    CHECK(pthread_mutex_lock(&locks[i % kLocks]));
    CHECK(pthread_mutex_unlock(&locks[i % kLocks]));
  }
  return NULL;
}

int main(void) {
  pthread_mutex_t* locks = calloc(kLocks, sizeof(*locks));
  CHECK_THAT(locks != NULL);
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_init(&locks[i], NULL));
  join(start(hold_all, locks));
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_destroy(&locks[i]));
  free(locks);
  puts("all released");
  return 0;
}
