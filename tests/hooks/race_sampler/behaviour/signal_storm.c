// Handlers run all the time, on small stacks of their own, and jump out.
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#include "for_a_while.h"

static long shared;
static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t may_jump;

static void on_alarm(int number) {
  (void)number;
  ++shared;
  if (may_jump) siglongjmp(back, 1);
}

static void* worker(void* nothing) {
  stack_t stack = {.ss_sp = malloc(16 << 10), .ss_size = 16 << 10};
  stack_t none = {.ss_flags = SS_DISABLE};
  CHECK_SYSTEM(sigaltstack(&stack, NULL));
  while (goes_on()) {
    if (sigsetjmp(back, 1) == 0) {
      may_jump = 1;
      for (int i = 0; i < 200; ++i) {
        ++shared;
        spend(50);
      }
    }
    may_jump = 0;
  }
  CHECK_SYSTEM(sigaltstack(&none, NULL));
  free(stack.ss_sp);
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  struct sigaction action = {0};
  action.sa_handler = on_alarm;
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  CHECK_SYSTEM(sigaction(SIGALRM, &action, NULL));
  struct itimerval often = {{0, 500}, {0, 500}};
  struct itimerval never = {{0, 0}, {0, 0}};
  CHECK_SYSTEM(setitimer(ITIMER_REAL, &often, NULL));
  run_pair(worker, worker, NULL);
  CHECK_SYSTEM(setitimer(ITIMER_REAL, &never, NULL));
  puts("done");
  return 0;
}
