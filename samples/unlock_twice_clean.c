// The twin of unlock_twice.c: one unlock for each lock. No finding.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t account_lock = PTHREAD_MUTEX_INITIALIZER;
static long balance;

static void deposit(long amount) {
  pthread_mutex_lock(&account_lock);
  balance += amount;
  pthread_mutex_unlock(&account_lock);
}

static void* pay(void* amount) {
  deposit(*(const long*)amount);
  return NULL;
}

int main(void) {
  long amounts[] = {100, -30};
  for (int i = 0; i < 2; ++i) {
    pthread_t payer;
    pthread_create(&payer, NULL, pay, &amounts[i]);
    pthread_join(payer, NULL);
  }
  printf("%ld\n", balance);
  return 0;
}
