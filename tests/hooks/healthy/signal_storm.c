// A timer interrupts threads in the middle of their locking, two thousand times a second; the handler posts.
#include <signal.h>
#include <sys/time.h>

#include "support.h"

enum { kWorkers = 3 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static sem_t ticks;
static int stop;

static void tick(int number) {
  (void)number;
  int error = errno;
  sem_post(&ticks);
  errno = error;
}

static void* work(void* argument) {
  while (!flag_is_up(&stop)) {
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_lock(&inner));
    CHECK(pthread_mutex_unlock(&inner));
    CHECK(pthread_mutex_unlock(&lock));
  }
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&ticks, 0, 0));
  struct sigaction action = {0};
  action.sa_handler = tick;
  CHECK_SYSTEM(sigaction(SIGALRM, &action, NULL));
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; ++i) workers[i] = start(work, NULL);
  struct itimerval often = {{0, 500}, {0, 500}};
  CHECK_SYSTEM(setitimer(ITIMER_REAL, &often, NULL));
  for (int i = 0; i < 300; ++i) {
    while (sem_wait(&ticks) == -1) CHECK_THAT(errno == EINTR);
  }
  struct itimerval never = {{0, 0}, {0, 0}};
  CHECK_SYSTEM(setitimer(ITIMER_REAL, &never, NULL));
  raise_flag(&stop);
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  puts("weathered");
  return 0;
}
