// Two threads nest locks of one class, with and against the order of their addresses; over the instances
// there is no circle.
#include "in_turns.h"

struct Account {
  pthread_mutex_t lock;
  long balance;
};
static struct Account* accounts[4];

static void transfer(struct Account* from, struct Account* to) {
  CHECK(pthread_mutex_lock(&from->lock));
  CHECK(pthread_mutex_lock(&to->lock));
  --from->balance;
  ++to->balance;
  CHECK(pthread_mutex_unlock(&to->lock));
  CHECK(pthread_mutex_unlock(&from->lock));
}

static void forth(void) {
  transfer(accounts[0], accounts[1]);
  transfer(accounts[1], accounts[2]);
}

static void back(void) {
  transfer(accounts[3], accounts[2]);
  transfer(accounts[0], accounts[3]);
}

int main(void) {
  for (int i = 0; i < 4; ++i) {
    accounts[i] = (struct Account*)calloc(1, sizeof(*accounts[i]));
    CHECK_THAT(accounts[i] != NULL);
    CHECK(pthread_mutex_init(&accounts[i]->lock, NULL));
  }
  two_turns(forth, back);
  return 0;
}
