// The same with C11 threads.
// EXPECT: rule=condition-mutex-mismatch grade=proven threads=2 kinds=condition*2 names=ready
#include <threads.h>

#include "support.h"

static mtx_t first_lock, second_lock;
static cnd_t ready;
static int sleeper_tid, woken;

static int wait_with_first(void* argument) {
  CHECK_THAT(mtx_lock(&first_lock) == thrd_success);
  tell_tid(&sleeper_tid);
  while (!woken) CHECK_THAT(cnd_wait(&ready, &first_lock) == thrd_success);
  CHECK_THAT(mtx_unlock(&first_lock) == thrd_success);
  return argument != NULL;
}

int main(void) {
  thrd_t first;
  CHECK_THAT(mtx_init(&first_lock, mtx_plain) == thrd_success);
  CHECK_THAT(mtx_init(&second_lock, mtx_plain) == thrd_success);
  CHECK_THAT(cnd_init(&ready) == thrd_success);
  CHECK_THAT(thrd_create(&first, wait_with_first, NULL) == thrd_success);
  await_sleep(&sleeper_tid);
  const struct timespec until = from_now(CLOCK_REALTIME, 1);
  CHECK_THAT(mtx_lock(&second_lock) == thrd_success);
  CHECK_THAT(cnd_timedwait(&ready, &second_lock, &until) == thrd_timedout);
  CHECK_THAT(mtx_unlock(&second_lock) == thrd_success);
  CHECK_THAT(mtx_lock(&first_lock) == thrd_success);
  woken = 1;
  CHECK_THAT(cnd_signal(&ready) == thrd_success);
  CHECK_THAT(mtx_unlock(&first_lock) == thrd_success);
  CHECK_THAT(thrd_join(first, NULL) == thrd_success);
  puts("woken");
  return 0;
}
