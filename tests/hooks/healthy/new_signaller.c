// Who signalled before has ended, but a thread that never signalled yet does so after 500 ms: no wake-up is
// lost.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int items;

static void* put_now(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  ++items;
  CHECK(pthread_cond_signal(&changed));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

static void* put_later(void* argument) {
  pass_time(500);
  return put_now(argument);
}

static void* take_two(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  for (int i = 0; i < 2; ++i) {
    while (items == 0) CHECK(pthread_cond_wait(&changed, &lock));
    --items;
  }
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  pthread_t taker = start(take_two, NULL);
  pthread_t later = start(put_later, NULL);
  join(start(put_now, NULL));
  join(taker);
  join(later);
  puts("two taken");
  return 0;
}
