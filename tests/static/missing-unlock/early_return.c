// One of two returns forgets the lock.
#include <pthread.h>

static pthread_mutex_t account_lock = PTHREAD_MUTEX_INITIALIZER;
static long balance;

int withdraw(long amount) {
  pthread_mutex_lock(&account_lock);
  if (amount > balance) return -1;  // EXPECT: missing-unlock "account_lock"
  balance -= amount;
  pthread_mutex_unlock(&account_lock);
  return 0;
}
