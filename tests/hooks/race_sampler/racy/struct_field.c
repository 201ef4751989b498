// One side takes the lock, the other forgets it.
// EXPECT: grade=proven functions=deposit,*
#include "for_a_while.h"

struct account {
  pthread_mutex_t lock;
  long number;
  long balance;
};

static struct account account = {PTHREAD_MUTEX_INITIALIZER, 7, 0};

__attribute__((noinline)) static void deposit(struct account* to, long amount) {
  CHECK(pthread_mutex_lock(&to->lock));
  to->balance += amount;
  CHECK(pthread_mutex_unlock(&to->lock));
}

__attribute__((noinline)) static long peek_balance(const struct account* of) {
  return of->balance;
}

static void* depositor(void* to) {
  while (goes_on()) {
    deposit(to, 3);
    spend(400);
  }
  return NULL;
}

static void* reader(void* of) {
  long sum = 0;
  while (goes_on()) {
    sum += peek_balance(of);
    spend(400);
  }
  return sum < 0 ? of : NULL;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(depositor, reader, &account);
  return 0;
}
