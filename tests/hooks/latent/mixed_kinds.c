// EXPECT: rule=lock-order-inversion grade=possible threads=3 kinds=mutex,rwlock,spinlock names=ledger,table
// CONFIRM: reachable=yes
// A ring of three kinds: a mutex, a read-write lock that is read and written, and a spinlock.
#include "in_turns.h"

static pthread_mutex_t ledger = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t counter;

static void write_table_under_ledger(void) {
  CHECK(pthread_mutex_lock(&ledger));
  CHECK(pthread_rwlock_wrlock(&table));
  CHECK(pthread_rwlock_unlock(&table));
  CHECK(pthread_mutex_unlock(&ledger));
}

static void count_while_reading(void) {
  CHECK(pthread_rwlock_rdlock(&table));
  CHECK(pthread_spin_lock(&counter));
  CHECK(pthread_spin_unlock(&counter));
  CHECK(pthread_rwlock_unlock(&table));
}

static void book_while_counting(void) {
  CHECK(pthread_spin_lock(&counter));
  CHECK(pthread_mutex_lock(&ledger));
  CHECK(pthread_mutex_unlock(&ledger));
  CHECK(pthread_spin_unlock(&counter));
}

static void take_turn_of(int turn) {
  void (*const turns[])(void) = {write_table_under_ledger, count_while_reading, book_while_counting};
  turns[turn]();
}

int main(void) {
  CHECK(pthread_spin_init(&counter, PTHREAD_PROCESS_PRIVATE));
  in_turns(3, take_turn_of);
  return 0;
}
