// Transfers between accounts of one class, in all directions; the account with the lower address is locked
// first.
#include "support.h"

struct Account {
  pthread_mutex_t lock;
  long balance;
};
enum { kAccounts = 8, kThreads = 4, kRounds = 300 };
static struct Account* accounts[kAccounts];

static void transfer(struct Account* from, struct Account* to) {
  struct Account* low = from < to ? from : to;
  struct Account* high = from < to ? to : from;
  CHECK(pthread_mutex_lock(&low->lock));
  CHECK(pthread_mutex_lock(&high->lock));
  --from->balance;
  ++to->balance;
  CHECK(pthread_mutex_unlock(&high->lock));
  CHECK(pthread_mutex_unlock(&low->lock));
}

static void* trade(void* argument) {
  unsigned random = *(unsigned*)argument;
  for (int i = 0; i < kRounds; ++i) {
    random = random * 1103515245 + 12345;
    const unsigned from = random >> 8 & 7, to = random >> 16 & 7;
    if (from != to) transfer(accounts[from], accounts[to]);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[kThreads];
  unsigned seeds[kThreads];
  long sum = 0;
  for (int i = 0; i < kAccounts; ++i) {
    accounts[i] = (struct Account*)calloc(1, sizeof(*accounts[i]));
    CHECK_THAT(accounts[i] != NULL);
    CHECK(pthread_mutex_init(&accounts[i]->lock, NULL));
  }
  for (int i = 0; i < kThreads; ++i) {
    seeds[i] = (unsigned)i + 1;
    threads[i] = start(trade, &seeds[i]);
  }
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  for (int i = 0; i < kAccounts; ++i) sum += accounts[i]->balance;
  printf("%ld\n", sum);
  return 0;
}
