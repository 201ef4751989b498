// The error branch unlocks and returns.
#include <pthread.h>

static pthread_mutex_t account_lock = PTHREAD_MUTEX_INITIALIZER;
static long balance;

int deposit(long amount) {
  pthread_mutex_lock(&account_lock);
  if (amount < 0) {
    pthread_mutex_unlock(&account_lock);
    return -1;
  }
  balance += amount;
  pthread_mutex_unlock(&account_lock);
  return 0;
}
