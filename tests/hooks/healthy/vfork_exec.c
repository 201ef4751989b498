// vfork and exec while other threads keep taking locks: the child shares the parent's memory until it execs.
#include <sys/wait.h>

#include "support.h"

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
  pthread_t worker = start(work, NULL);
  for (int i = 0; i < 10; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    pid_t child = vfork();
    if (child == 0) {
      execl("/bin/true", "true", (char*)NULL);
      _exit(98);
    }
    CHECK_SYSTEM(child);
    CHECK(pthread_mutex_unlock(&lock));
    int status;
    CHECK_SYSTEM(waitpid(child, &status, 0));
    CHECK_THAT(status == 0);
  }
  raise_flag(&stop);
  join(worker);
  puts("all children ended well");
  return 0;
}
