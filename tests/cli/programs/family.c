// Three processes: this one, a child that deadlocks, and a child that takes a lock and ends. This one waits
// for both, says who ended how, and ends with exit code 0.
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  CHECK(pthread_mutex_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  CHECK(pthread_mutex_lock(&right));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&left));
  return argument;
}

static int deadlock(void) {
  start(left_then_right, NULL);
  right_then_left(NULL);
  return 1;
}

static int take_a_lock(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  return 5;
}

static pid_t fork_to(int (*body)(void)) {
  const pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) _exit(body());
  return child;
}

int main(void) {
  take_a_lock();
  const pid_t healthy = fork_to(take_a_lock);
  const pid_t stuck = fork_to(deadlock);
  int status = 0;
  CHECK_SYSTEM(waitpid(healthy, &status, 0));
  printf("healthy %d\n", WEXITSTATUS(status));
  fflush(stdout);
  CHECK_SYSTEM(waitpid(stuck, &status, 0));
  printf("stuck %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  return 0;
}
