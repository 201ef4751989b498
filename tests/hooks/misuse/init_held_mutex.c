// A mutex is initialised again while another thread holds it.
// EXPECT: rule=init-while-held grade=proven threads=1 kinds=mutex names=journal_lock
#include "support.h"

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int taken, done;

static void* hold(void* argument) {
  CHECK(pthread_mutex_lock(&journal_lock));
  raise_flag(&taken);
  await_flag(&done);
  return argument;
}

int main(void) {
  start(hold, NULL);
  await_flag(&taken);
  CHECK(pthread_mutex_init(&journal_lock, NULL));
  puts("initialised again");
  return 0;
}
