// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,thread names=queue_lock
// CONFIRM: reachable=yes
// A worker signals under the lock now and then, and takes it once more to see that it is to stop: joined with
// that lock held, it may still need it. That it has stopped already is luck.
#include "in_turns.h"

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER;
static int has_stopped;

static void* work(void* argument) {
  name_thread("worker");
  CHECK(pthread_mutex_lock(&queue_lock));
  CHECK(pthread_cond_signal(&room));
  CHECK(pthread_mutex_unlock(&queue_lock));
  CHECK(pthread_mutex_lock(&queue_lock));
  CHECK(pthread_mutex_unlock(&queue_lock));
  raise_flag(&has_stopped);
  return argument;
}

int main(void) {
  pthread_t worker = start(work, NULL);
  await_flag_for(&has_stopped, kPatience);
  CHECK(pthread_mutex_lock(&queue_lock));
  join(worker);
  CHECK(pthread_mutex_unlock(&queue_lock));
  return 0;
}
