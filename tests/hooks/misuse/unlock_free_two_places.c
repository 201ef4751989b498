// The same mistake at two places, each a hundred times: two findings.
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=account_lock
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=account_lock
#include "support.h"

static pthread_mutex_t account_lock = PTHREAD_MUTEX_INITIALIZER;

static __attribute__((noinline)) void deposit(void) {
  pthread_mutex_unlock(&account_lock);
  __asm__ volatile("");
}

static __attribute__((noinline)) void withdraw(void) {
  pthread_mutex_unlock(&account_lock);
  __asm__ volatile("");
}

int main(void) {
  for (int i = 0; i < 100; ++i) {
    deposit();
    withdraw();
  }
  puts("unlocked");
  return 0;
}
