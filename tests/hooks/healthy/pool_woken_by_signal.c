// Every thread is blocked for good, but for a signal handler that posts: a timer goes off after 500 ms.
#include <signal.h>
#include <sys/time.h>

#include "support.h"

enum { kWorkers = 6 };
static sem_t tasks;

static void post_all(int number) {
  (void)number;
  for (int i = 0; i < kWorkers; ++i) sem_post(&tasks);
}

static void* work(void* argument) {
  while (sem_wait(&tasks) == -1) CHECK_THAT(errno == EINTR);
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&tasks, 0, 0));
  struct sigaction action = {0};
  action.sa_handler = post_all;
  CHECK_SYSTEM(sigaction(SIGALRM, &action, NULL));
  struct itimerval in_half_a_second = {{0, 0}, {0, 500000}};
  CHECK_SYSTEM(setitimer(ITIMER_REAL, &in_half_a_second, NULL));
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; ++i) workers[i] = start(work, NULL);
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  puts("pool done");
  return 0;
}
