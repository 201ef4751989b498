// pthread_atfork done right: the lock is taken before the fork and released on both sides, and the child uses
// it with threads of its own.
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int stop;

static void prepare(void) {
  CHECK(pthread_mutex_lock(&lock));
}
static void release(void) {
  CHECK(pthread_mutex_unlock(&lock));
}

static void* churn(void* argument) {
  while (!flag_is_up(&stop)) {
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_unlock(&lock));
    sched_yield();
  }
  return argument;
}

static void* lock_often(void* argument) {
  for (int i = 0; i < 1000; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_unlock(&lock));
  }
  return argument;
}

int main(void) {
  CHECK(pthread_atfork(prepare, release, release));
  pthread_t churner = start(churn, NULL);
  for (int i = 0; i < 10; ++i) {
    pid_t child = (pid_t)CHECK_SYSTEM(fork());
    if (child == 0) {
      pthread_t a = start(lock_often, NULL);
      lock_often(NULL);
      join(a);
      _exit(0);
    }
    int status;
    CHECK_SYSTEM(waitpid(child, &status, 0));
    CHECK_THAT(status == 0);
  }
  raise_flag(&stop);
  join(churner);
  puts("all children ended well");
  return 0;
}
