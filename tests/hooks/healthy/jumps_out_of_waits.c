// A handler that jumps out of a wait, many times over: what was begun is not to pile up, and is nobody's wait
// for ever.
#include <setjmp.h>
#include <signal.h>

#include "support.h"

static sem_t semaphore;
static sigjmp_buf back;

static void handle(int signal) {
  (void)signal;
  siglongjmp(back, 1);
}

int main(void) {
  CHECK_SYSTEM(sem_init(&semaphore, 0, 0));
  const struct sigaction action = {.sa_handler = handle};
  CHECK_SYSTEM(sigaction(SIGALRM, &action, NULL));
  timer_t timer;
  CHECK_SYSTEM(timer_create(CLOCK_MONOTONIC, NULL, &timer));
  for (volatile int i = 0; i < 800; ++i) {
    if (sigsetjmp(back, 1) == 0) {
      const struct itimerspec soon = {{0, 0}, {0, 200000}};
      CHECK_SYSTEM(timer_settime(timer, 0, &soon, NULL));
      sem_wait(&semaphore);
    }
  }
  pass_time(300);
  puts("done");
  return 0;
}
