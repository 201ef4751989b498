// A process forks and execs again and again while its threads keep taking locks.
#include <sys/wait.h>

#include "support.h"

enum { kWorkers = 4, kChildren = 10 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int stop;

static void* work(void* argument) {
  while (!flag_is_up(&stop)) {
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_unlock(&lock));
    sched_yield();
  }
  return argument;
}

int main(void) {
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; ++i) workers[i] = start(work, NULL);
  for (int i = 0; i < kChildren; ++i) {
    pid_t child = (pid_t)CHECK_SYSTEM(fork());
    if (child == 0) {
      execl("/bin/true", "true", (char*)NULL);
      _exit(98);
    }
    int status;
    CHECK_SYSTEM(waitpid(child, &status, 0));
    CHECK_THAT(status == 0);
  }
  raise_flag(&stop);
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  puts("all children ended well");
  return 0;
}
