// A program with a use of its own for SIGTRAP: what it installs, blocks and sends works as without us.
#include <signal.h>
#include <stdatomic.h>

#include "for_a_while.h"

static atomic_int traps;
static atomic_int sent;
static long shared;

static void on_trap(int number, siginfo_t* info, void* context) {
  (void)context;
  if (number != SIGTRAP) _exit(98);
  if (info->si_code == SI_USER || info->si_code == SI_TKILL)
    ++sent;
  else
    ++traps;
}

static void* worker(void* nothing) {
  sigset_t all;
  sigfillset(&all);
  CHECK(pthread_sigmask(SIG_BLOCK, &all, NULL));
  sigset_t now;
  CHECK(pthread_sigmask(SIG_BLOCK, NULL, &now));
  CHECK_THAT(sigismember(&now, SIGTRAP) == 1 && sigismember(&now, SIGUSR1) == 1);
  while (goes_on()) {
    ++shared;
    spend(500);
  }
  sigemptyset(&all);
  CHECK(pthread_sigmask(SIG_SETMASK, &all, &now));
  CHECK_THAT(sigismember(&now, SIGTRAP) == 1);
  CHECK(pthread_sigmask(SIG_SETMASK, NULL, &now));
  CHECK_THAT(sigismember(&now, SIGTRAP) == 0);
  for (int i = 0; i < 10; ++i) __asm__ volatile("int3");
  return nothing;
}

static void handles_everything_blocked(int number) {
  for (int i = 0; i < 1000; ++i) ++shared;
  (void)number;
}

int main(int count, char** words) {
  run_for(count, words);
  struct sigaction action = {0};
  struct sigaction old;
  CHECK_SYSTEM(sigaction(SIGTRAP, NULL, &old));
  CHECK_THAT(old.sa_handler == SIG_DFL && old.sa_flags == 0);
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO;
  sigaddset(&action.sa_mask, SIGUSR2);
  CHECK_SYSTEM(sigaction(SIGTRAP, &action, &old));
  CHECK_THAT(old.sa_handler == SIG_DFL);
  CHECK_SYSTEM(sigaction(SIGTRAP, NULL, &old));
  CHECK_THAT(old.sa_sigaction == on_trap && (old.sa_flags & SA_SIGINFO) != 0);
  CHECK_THAT(sigismember(&old.sa_mask, SIGUSR2) == 1 && sigismember(&old.sa_mask, SIGUSR1) == 0);
  struct sigaction other = {0};
  other.sa_handler = handles_everything_blocked;
  sigfillset(&other.sa_mask);
  CHECK_SYSTEM(sigaction(SIGUSR1, &other, NULL));
  CHECK_SYSTEM(sigaction(SIGUSR1, NULL, &old));
  CHECK_THAT(sigismember(&old.sa_mask, SIGTRAP) == 1);
  pthread_t first = start(worker, NULL);
  pthread_t second = start(worker, NULL);
  while (goes_on()) {
    CHECK_SYSTEM(raise(SIGUSR1));
    spend(2000);
  }
  join(first);
  join(second);
  CHECK_SYSTEM(raise(SIGTRAP));
  CHECK_SYSTEM(kill(getpid(), SIGTRAP));
  CHECK_THAT(signal(SIGTRAP, SIG_IGN) != SIG_ERR);
  CHECK_SYSTEM(raise(SIGTRAP));
  CHECK_THAT(signal(SIGTRAP, SIG_DFL) == SIG_IGN);
  printf("%d traps, %d sent\n", traps, sent);
  return 0;
}
