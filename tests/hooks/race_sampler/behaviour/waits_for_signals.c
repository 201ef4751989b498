// One thread takes every signal by sigwait, all block them: no trap of ours comes out there.
#include <signal.h>

#include "for_a_while.h"

static long shared;

static void* taker(void* nothing) {
  sigset_t all;
  sigfillset(&all);
  for (int taken = 0;;) {
    int number = 0;
    CHECK(sigwait(&all, &number));
    if (number == SIGTERM) {
      printf("%d\n", taken);
      return nothing;
    }
    CHECK_THAT(number == SIGUSR1);
    ++taken;
  }
}

static void* worker(void* nothing) {
  while (goes_on()) {
    ++shared;
    spend(500);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  sigset_t all;
  sigfillset(&all);
  CHECK_SYSTEM(sigprocmask(SIG_BLOCK, &all, NULL));
  pthread_t takes = start(taker, NULL);
  pthread_t first = start(worker, NULL);
  pthread_t second = start(worker, NULL);
  sigset_t waiting;
  for (int i = 0; i < 5; ++i) {
    CHECK_SYSTEM(kill(getpid(), SIGUSR1));
    do {
      struct timespec moment = {0, 1000000};
      nanosleep(&moment, NULL);
      CHECK_SYSTEM(sigpending(&waiting));
      CHECK_THAT(sigismember(&waiting, SIGTRAP) == 0);
    } while (sigismember(&waiting, SIGUSR1) == 1);
  }
  join(first);
  join(second);
  CHECK_SYSTEM(kill(getpid(), SIGTERM));
  join(takes);
  return 0;
}
