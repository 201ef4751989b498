// The main thread sits in sigwait, the workers in a condition: a child's signal sets everything going again.
#include <signal.h>
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int stop;

static void* wait_for_stop(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  while (!stop) CHECK(pthread_cond_wait(&changed, &lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  sigset_t set;
  CHECK_SYSTEM(sigemptyset(&set));
  CHECK_SYSTEM(sigaddset(&set, SIGUSR1));
  CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL));
  pid_t parent = getpid();
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    pass_time(500);
    CHECK_SYSTEM(kill(parent, SIGUSR1));
    _exit(0);
  }
  pthread_t workers[3];
  for (int i = 0; i < 3; ++i) workers[i] = start(wait_for_stop, NULL);
  int number;
  CHECK(sigwait(&set, &number));
  CHECK(pthread_mutex_lock(&lock));
  stop = 1;
  CHECK(pthread_cond_broadcast(&changed));
  CHECK(pthread_mutex_unlock(&lock));
  for (int i = 0; i < 3; ++i) join(workers[i]);
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  printf("signal %d\n", number == SIGUSR1);
  return 0;
}
