// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=spinlock names=spin
#include "support.h"

static pthread_spinlock_t spin;

int main(void) {
  CHECK(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
  CHECK(pthread_spin_unlock(&spin));
  CHECK(pthread_spin_lock(&spin));
  CHECK(pthread_spin_unlock(&spin));
  puts("unlocked before it was locked");
  return 0;
}
