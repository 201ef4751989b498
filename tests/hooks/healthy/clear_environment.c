// The program empties its environment, then starts threads, and runs a child without any environment.
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* work(void* argument) {
  for (int i = 0; i < 1000; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    ++count;
    CHECK(pthread_mutex_unlock(&lock));
  }
  return argument;
}

int main(void) {
  CHECK_THAT(clearenv() == 0);
  pthread_t a = start(work, NULL);
  pthread_t b = start(work, NULL);
  join(a);
  join(b);
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    char* arguments[] = {"true", NULL};
    char* environment[] = {NULL};
    execve("/bin/true", arguments, environment);
    _exit(98);
  }
  int status;
  CHECK_SYSTEM(waitpid(child, &status, 0));
  CHECK_THAT(status == 0);
  printf("%d\n", count);
  return 0;
}
