// A POSIX timer runs its function on a thread that libc starts by itself (SIGEV_THREAD); it posts after 500
// ms.
#include <signal.h>

#include "support.h"

static sem_t fired;

static void post(union sigval value) {
  (void)value;
  sem_post(&fired);
}

static void* work(void* argument) {
  CHECK_SYSTEM(sem_wait(&fired));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&fired, 0, 0));
  struct sigevent event = {0};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = post;
  timer_t timer;
  CHECK_SYSTEM(timer_create(CLOCK_MONOTONIC, &event, &timer));
  struct itimerspec in_half_a_second = {{0, 0}, {0, 500000000}};
  CHECK_SYSTEM(timer_settime(timer, 0, &in_half_a_second, NULL));
  join(start(work, NULL));
  CHECK_SYSTEM(timer_delete(timer));
  puts("timer fired");
  return 0;
}
