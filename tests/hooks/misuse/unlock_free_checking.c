// Mutexes that refuse: the calls fail, and each is wrong all the same.
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=checking
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=recursive
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=robust
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=inheriting
#include "support.h"

static pthread_mutex_t checking, recursive, robust, inheriting;

static void init(pthread_mutex_t* mutex, int type, int robustness, int protocol) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, type));
  CHECK(pthread_mutexattr_setrobust(&attributes, robustness));
  CHECK(pthread_mutexattr_setprotocol(&attributes, protocol));
  CHECK(pthread_mutex_init(mutex, &attributes));
}

int main(void) {
  init(&checking, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE);
  init(&recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE);
  init(&robust, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
  init(&inheriting, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT);
  CHECK_THAT(pthread_mutex_unlock(&checking) == EPERM);
  CHECK(pthread_mutex_lock(&recursive));
  CHECK(pthread_mutex_lock(&recursive));
  CHECK(pthread_mutex_unlock(&recursive));
  CHECK(pthread_mutex_unlock(&recursive));
  CHECK_THAT(pthread_mutex_unlock(&recursive) == EPERM);
  CHECK_THAT(pthread_mutex_unlock(&robust) == EPERM);
  CHECK_THAT(pthread_mutex_unlock(&inheriting) == EPERM);
  puts("refused");
  return 0;
}
