// An error-checking mutex refuses what would be a deadlock or a wrong release; the program goes on.
// EXPECT: rule=unlock-not-owner grade=proven threads=1 kinds=mutex names=lock
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=lock
#include "support.h"

static pthread_mutex_t lock;

static void* unlock_not_owner(void* argument) {
  CHECK_THAT(pthread_mutex_unlock(&lock) == EPERM);
  CHECK_THAT(pthread_mutex_trylock(&lock) == EBUSY);
  return argument;
}

int main(void) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK));
  CHECK(pthread_mutex_init(&lock, &attributes));
  CHECK(pthread_mutex_lock(&lock));
  CHECK_THAT(pthread_mutex_lock(&lock) == EDEADLK);
  join(start(unlock_not_owner, NULL));
  CHECK_THAT(pthread_join(pthread_self(), NULL) == EDEADLK);
  CHECK(pthread_mutex_unlock(&lock));
  CHECK_THAT(pthread_mutex_unlock(&lock) == EPERM);
  puts("refused");
  return 0;
}
