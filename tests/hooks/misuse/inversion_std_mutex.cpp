// std::mutex has no protocol to ask for.
// EXPECT: rule=priority-inversion grade=proven threads=1 kinds=mutex names=device_lock
#include <mutex>

#include "support.h"

static std::mutex device_lock;
static int taken, waiter_tid;

static int schedule(int policy, int priority) {
  struct sched_param param;
  memset(&param, 0, sizeof param);
  param.sched_priority = priority;
  return pthread_setschedparam(pthread_self(), policy, &param);
}

static void* hold(void* argument) {
  name_thread("logger");
  device_lock.lock();
  raise_flag(&taken);
  await_sleep(&waiter_tid);
  pass_time(300);  // the judge looks at what lasts
  device_lock.unlock();
  return argument;
}

static void* want(void* argument) {
  name_thread("audio");
  CHECK(schedule(SCHED_FIFO, 50));
  tell_tid(&waiter_tid);
  device_lock.lock();
  device_lock.unlock();
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
