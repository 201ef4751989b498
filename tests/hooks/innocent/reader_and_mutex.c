// Both threads read the table, and nobody writes it: neither waits for the other there.
#include "in_turns.h"

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t row_lock = PTHREAD_MUTEX_INITIALIZER;

static void table_then_row(void) {
  CHECK(pthread_rwlock_rdlock(&table));
  CHECK(pthread_mutex_lock(&row_lock));
  CHECK(pthread_mutex_unlock(&row_lock));
  CHECK(pthread_rwlock_unlock(&table));
}

static void row_then_table(void) {
  CHECK(pthread_mutex_lock(&row_lock));
  CHECK(pthread_rwlock_rdlock(&table));
  CHECK(pthread_rwlock_unlock(&table));
  CHECK(pthread_mutex_unlock(&row_lock));
}

int main(void) {
  two_turns(table_then_row, row_then_table);
  return 0;
}
