// A condition is used with one mutex after the other, never with two at once. The thread that was signalled
// is no longer blocked on it, though it has not come back yet.
#include "support.h"

static pthread_mutex_t first_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int woken;

static void* wait_with_first(void* tid) {
  CHECK(pthread_mutex_lock(&first_lock));
  tell_tid(tid);
  while (!woken) CHECK(pthread_cond_wait(&ready, &first_lock));
  CHECK(pthread_mutex_unlock(&first_lock));
  return NULL;
}

static void wait_with_second(void) {
  const struct timespec until = from_now(CLOCK_REALTIME, 1);
  CHECK(pthread_mutex_lock(&second_lock));
  CHECK_THAT(pthread_cond_timedwait(&ready, &second_lock, &until) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&second_lock));
}

int main(void) {
  for (int i = 0; i < 20; ++i) {
    int tid = 0;
    woken = 0;
    pthread_t first = start(wait_with_first, &tid);
    await_sleep(&tid);
    CHECK(pthread_mutex_lock(&first_lock));
    woken = 1;
    CHECK(i % 2 ? pthread_cond_broadcast(&ready) : pthread_cond_signal(&ready));
    wait_with_second();  // the other waits for its mutex now
    CHECK(pthread_mutex_unlock(&first_lock));
    join(first);
    wait_with_second();
  }
  puts("in turn");
  return 0;
}
