// The error branch unlocks and goes on to the other unlock.
#include <pthread.h>

static pthread_mutex_t account_lock = PTHREAD_MUTEX_INITIALIZER;
static int errors;

void deposit(long amount, long* balance) {
  pthread_mutex_lock(&account_lock);
  if (amount < 0) {
    errors++;
    pthread_mutex_unlock(&account_lock);
  }
  *balance += amount;
  pthread_mutex_unlock(&account_lock);  // EXPECT: unlock-not-held "account_lock"
}
