// A real-time thread waits for long, but the holder runs with its priority; and waits for one that has a
// higher one.
#include "support.h"

static pthread_mutex_t inheriting, plain;
static int taken, waiter_tid;

static int schedule(int policy, int priority) {
  const struct sched_param param = {.sched_priority = priority};
  return pthread_setschedparam(pthread_self(), policy, &param);
}

static void* hold(void* mutex) {
  if (mutex == &plain) CHECK(schedule(SCHED_FIFO, 60));
  CHECK(pthread_mutex_lock(mutex));
  raise_flag(&taken);
  await_sleep(&waiter_tid);
  pass_time(300);  // the judge looks at what lasts
  CHECK(pthread_mutex_unlock(mutex));
  return NULL;
}

static void* want(void* mutex) {
  CHECK(schedule(SCHED_FIFO, 50));
  tell_tid(&waiter_tid);
  CHECK(pthread_mutex_lock(mutex));
  CHECK(pthread_mutex_unlock(mutex));
  return NULL;
}

static void play(pthread_mutex_t* mutex) {
  taken = waiter_tid = 0;
  pthread_t low = start(hold, mutex);
  await_flag(&taken);
  join(start(want, mutex));
  join(low);
}

int main(void) {
  if (schedule(SCHED_FIFO, 1) == EPERM) {
    puts("skipped: no right to real-time priorities");
    return 0;
  }
  CHECK(schedule(SCHED_OTHER, 0));
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT));
  CHECK(pthread_mutex_init(&inheriting, &attributes));
  CHECK(pthread_mutex_init(&plain, NULL));
  play(&inheriting);
  play(&plain);
  puts("had it");
  return 0;
}
