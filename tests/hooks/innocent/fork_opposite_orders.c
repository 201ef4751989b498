// A parent and its child use opposite orders: the locks have the same names and addresses, but each has its
// own.
#include "support.h"

#include <sys/wait.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* left_then_right(void* argument) {
  take_both(&left, &right);
  return argument;
}

static void* right_then_left(void* argument) {
  take_both(&right, &left);
  return argument;
}

int main(void) {
  const pid_t child = (pid_t)CHECK_SYSTEM(fork());
  join(start(child == 0 ? right_then_left : left_then_right, NULL));
  if (child == 0) _exit(0);
  int status;
  CHECK_SYSTEM(waitpid(child, &status, 0));
  CHECK_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return 0;
}
