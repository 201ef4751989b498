// A writer is known to the lock, a reader only to us.
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=rwlock names=written
// EXPECT: rule=lock-held-at-exit grade=inferred threads=1 kinds=rwlock names=read_only
// EXPECT: rule=lock-held-at-exit grade=inferred threads=1 kinds=spinlock names=spin
#include "support.h"

static pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t read_only = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;

static void* take(void* argument) {
  CHECK(pthread_rwlock_wrlock(&written));
  CHECK(pthread_rwlock_rdlock(&read_only));
  CHECK(pthread_spin_lock(&spin));
  return argument;
}

int main(void) {
  CHECK(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
  join(start(take, NULL));
  puts("ended");
  return 0;
}
