// A spin lock is unlocked by a thread that has not taken it.
// EXPECT: rule=unlock-not-owner grade=inferred threads=1 kinds=spinlock names=spin
#include "support.h"

static pthread_spinlock_t spin;
static int taken, done;

static void* hold(void* argument) {
  name_thread("holder");
  CHECK(pthread_spin_lock(&spin));
  raise_flag(&taken);
  await_flag(&done);
  return argument;
}

int main(void) {
  CHECK(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
  pthread_t holder = start(hold, NULL);
  await_flag(&taken);
  CHECK(pthread_spin_unlock(&spin));
  raise_flag(&done);
  join(holder);
  puts("unlocked by another");
  return 0;
}
