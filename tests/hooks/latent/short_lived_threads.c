// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=ledger,audit
// CONFIRM: reachable=yes
// Eighty threads in twenty generations use one order, and one short-lived thread in the middle the other: it
// conflicts with the one thread that lives beside it.
#include "in_turns.h"

static pthread_mutex_t ledger = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t audit = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void book(void) {
  take_both(&ledger, &audit);
}

static void review(void) {
  take_both(&audit, &ledger);
}

static void book_only(int turn) {
  (void)turn;
  take_both(&ledger, &audit);
}

int main(void) {
  for (int i = 0; i < 10; ++i) in_turns(4, book_only);
  two_turns(book, review);
  for (int i = 0; i < 10; ++i) in_turns(4, book_only);
  return 0;
}
