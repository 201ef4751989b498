// A mutex is destroyed by the thread that holds it.
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex names=journal_lock
#include "support.h"

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  CHECK(pthread_mutex_lock(&journal_lock));
  CHECK_THAT(pthread_mutex_destroy(&journal_lock) == EBUSY);
  CHECK(pthread_mutex_unlock(&journal_lock));
  puts("refused");
  return 0;
}
