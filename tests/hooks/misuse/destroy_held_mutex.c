// A mutex is destroyed while another thread holds it; glibc refuses.
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex names=journal_lock
#include "support.h"

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int taken, done;

static void* hold(void* argument) {
  name_thread("holder");
  CHECK(pthread_mutex_lock(&journal_lock));
  raise_flag(&taken);
  await_flag(&done);
  CHECK(pthread_mutex_unlock(&journal_lock));
  return argument;
}

int main(void) {
  pthread_t holder = start(hold, NULL);
  await_flag(&taken);
  CHECK_THAT(pthread_mutex_destroy(&journal_lock) == EBUSY);
  raise_flag(&done);
  join(holder);
  CHECK(pthread_mutex_destroy(&journal_lock));
  puts("refused");
  return 0;
}
