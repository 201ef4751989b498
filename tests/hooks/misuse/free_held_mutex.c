// An object goes with its mutex locked: by the thread itself, and by another.
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex
#include "support.h"

struct Account {
  pthread_mutex_t lock;
  long balance;
};
static int taken, done;

static struct Account* open_account(void) {
  struct Account* account = calloc(1, sizeof *account);
  CHECK_THAT(account != NULL);
  CHECK(pthread_mutex_init(&account->lock, NULL));
  return account;
}

static __attribute__((noinline)) void close_own(void) {
  struct Account* account = open_account();
  CHECK(pthread_mutex_lock(&account->lock));
  free(account);
  __asm__ volatile("");
}

static void* hold(void* argument) {
  CHECK(pthread_mutex_lock(&((struct Account*)argument)->lock));
  raise_flag(&taken);
  await_flag(&done);
  return NULL;
}

static __attribute__((noinline)) void close_other(void) {
  struct Account* account = open_account();
  start(hold, account);
  await_flag(&taken);
  free(account);
  __asm__ volatile("");
}

int main(void) {
  close_own();
  close_other();
  puts("freed");
  return 0;
}
