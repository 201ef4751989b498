// The C11 family as it should be used: threads, plain, timed and recursive mutexes, conditions, call_once,
// tss.
#include <threads.h>

#include "support.h"

static mtx_t lock, deep, timed;
static cnd_t changed;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int turn, set_ups, cleaned;

static void set_up(void) {
  ++set_ups;
}

static void clean(void* value) {
  (void)value;
  mtx_lock(&lock);
  ++cleaned;
  mtx_unlock(&lock);
}

static int play(void* argument) {
  int own = *(int*)argument;
  call_once(&once, set_up);
  CHECK_THAT(tss_set(key, &set_ups) == thrd_success);
  for (int i = 0; i < 500; ++i) {
    CHECK_THAT(mtx_lock(&lock) == thrd_success);
    while (turn != own) CHECK_THAT(cnd_wait(&changed, &lock) == thrd_success);
    turn = 1 - own;
    CHECK_THAT(cnd_broadcast(&changed) == thrd_success);
    CHECK_THAT(mtx_unlock(&lock) == thrd_success);
  }
  for (int i = 0; i < 10; ++i) CHECK_THAT(mtx_lock(&deep) == thrd_success);
  for (int i = 0; i < 10; ++i) CHECK_THAT(mtx_unlock(&deep) == thrd_success);
  struct timespec deadline = from_now(CLOCK_REALTIME, 300);
  CHECK_THAT(mtx_timedlock(&timed, &deadline) == thrd_timedout);
  return 7;
}

int main(void) {
  CHECK_THAT(mtx_init(&lock, mtx_plain) == thrd_success);
  CHECK_THAT(mtx_init(&deep, mtx_plain | mtx_recursive) == thrd_success);
  CHECK_THAT(mtx_init(&timed, mtx_timed) == thrd_success);
  CHECK_THAT(cnd_init(&changed) == thrd_success);
  CHECK_THAT(tss_create(&key, clean) == thrd_success);
  CHECK_THAT(mtx_lock(&timed) == thrd_success);
  thrd_t threads[2];
  int numbers[2] = {0, 1};
  for (int i = 0; i < 2; ++i) CHECK_THAT(thrd_create(&threads[i], play, &numbers[i]) == thrd_success);
  for (int i = 0; i < 2; ++i) {
    int result;
    CHECK_THAT(thrd_join(threads[i], &result) == thrd_success && result == 7);
  }
  CHECK_THAT(mtx_unlock(&timed) == thrd_success);
  printf("%d %d\n", set_ups, cleaned);
  return 0;
}
