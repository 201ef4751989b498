// Both are real-time threads, and the lower one holds the mutex.
// EXPECT: rule=priority-inversion grade=proven threads=1 kinds=mutex names=device_lock
#include "support.h"

static pthread_mutex_t device_lock = PTHREAD_MUTEX_INITIALIZER;
static int taken, waiter_tid;

static int schedule(int policy, int priority) {
  struct sched_param param;
  memset(&param, 0, sizeof param);
  param.sched_priority = priority;
  return pthread_setschedparam(pthread_self(), policy, &param);
}

static void* hold(void* argument) {
  name_thread("logger");
  CHECK(schedule(SCHED_FIFO, 10));
  CHECK(pthread_mutex_lock(&device_lock));
  raise_flag(&taken);
  await_sleep(&waiter_tid);
  pass_time(300);  // the judge looks at what lasts
  CHECK(pthread_mutex_unlock(&device_lock));
  return argument;
}

static void* want(void* argument) {
  name_thread("audio");
  CHECK(schedule(SCHED_RR, 50));
  tell_tid(&waiter_tid);
  CHECK(pthread_mutex_lock(&device_lock));
  CHECK(pthread_mutex_unlock(&device_lock));
  return argument;
}

int main() {
  if (schedule(SCHED_FIFO, 1) == EPERM) {
    puts("skipped: no right to real-time priorities");
    return 0;
  }
  CHECK(schedule(SCHED_OTHER, 0));
  pthread_t low = start(hold, NULL);
  await_flag(&taken);
  pthread_t high = start(want, NULL);
  join(high);
  join(low);
  puts("had it");
  return 0;
}
