// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex
// CONFIRM: reachable=yes
// transfer(a, b) and transfer(b, a) over accounts of one class on the heap: three pairs of instances are
// inverted, and that is one finding.
#include "in_turns.h"

struct Account {
  pthread_mutex_t lock;
  long balance;
};
enum { kAccounts = 4 };
static struct Account* accounts[kAccounts];

static struct Account* open_account(void) {
  struct Account* account = (struct Account*)calloc(1, sizeof(*account));
  CHECK_THAT(account != NULL);
  CHECK(pthread_mutex_init(&account->lock, NULL));
  account->balance = 100;
  return account;
}

static void transfer(struct Account* from, struct Account* to) {
  CHECK(pthread_mutex_lock(&from->lock));
  CHECK(pthread_mutex_lock(&to->lock));
  --from->balance;
  ++to->balance;
  CHECK(pthread_mutex_unlock(&to->lock));
  CHECK(pthread_mutex_unlock(&from->lock));
}

static void forth(void) {
  for (int i = 0; i + 1 < kAccounts; ++i) transfer(accounts[i], accounts[i + 1]);
}

static void back(void) {
  for (int i = 0; i + 1 < kAccounts; ++i) transfer(accounts[i + 1], accounts[i]);
}

int main(void) {
  for (int i = 0; i < kAccounts; ++i) accounts[i] = open_account();
  two_turns(forth, back);
  for (int i = 0; i < kAccounts; ++i) CHECK_THAT(accounts[i]->balance == 100);
  return 0;
}
