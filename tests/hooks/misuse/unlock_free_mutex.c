// A normal mutex is unlocked twice: the second time nobody holds it.
// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=account_lock
#include "support.h"

static pthread_mutex_t account_lock = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  CHECK(pthread_mutex_lock(&account_lock));
  CHECK(pthread_mutex_unlock(&account_lock));
  pthread_mutex_unlock(&account_lock);
  puts("unlocked twice");
  return 0;
}
