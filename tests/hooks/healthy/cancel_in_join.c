// EXPECT: rule=lock-order-inversion grade=possible threads=3 kinds=mutex,thread,thread optional
// EXPECT: rule=lock-order-inversion grade=unlikely threads=3 kinds=mutex,mutex,thread optional
// A thread is cancelled inside pthread_join while it holds a mutex; the one it joined can still be joined by
// another. Without the cancellation, main, the joiner and the joined would wait for each other in a ring.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int inside;

static void release(void* argument) {
  CHECK(pthread_mutex_unlock(argument));
}

static void* pass_gate(void* argument) {
  CHECK(pthread_mutex_lock(&gate));
  CHECK(pthread_mutex_unlock(&gate));
  return argument;
}

static void* join_other(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  pthread_cleanup_push(release, &lock);
  raise_flag(&inside);
  join(*(pthread_t*)argument);
  pthread_cleanup_pop(1);
  return NULL;
}

int main(void) {
  CHECK(pthread_mutex_lock(&gate));
  pthread_t slow = start(pass_gate, NULL);
  pthread_t joiner = start(join_other, &slow);
  await_flag(&inside);
  CHECK(pthread_cancel(joiner));
  void* result;
  CHECK(pthread_join(joiner, &result));
  CHECK_THAT(result == PTHREAD_CANCELED);
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_mutex_unlock(&lock));
  CHECK(pthread_mutex_unlock(&gate));
  join(slow);
  puts("joined by another");
  return 0;
}
