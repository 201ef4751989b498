// An idle pool waits on a condition while the main thread is blocked in read() for 500 ms; a child feeds the
// pipe.
#include <sys/wait.h>

#include "support.h"

enum { kWorkers = 8 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_arrived = PTHREAD_COND_INITIALIZER;
static int work_to_do;

static void* work(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  while (!work_to_do) CHECK(pthread_cond_wait(&work_arrived, &lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  int feed[2];
  CHECK_SYSTEM(pipe(feed));
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    pass_time(500);
    CHECK_SYSTEM(write(feed[1], "x", 1));
    _exit(0);
  }
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; ++i) workers[i] = start(work, NULL);
  char byte;
  CHECK_THAT(CHECK_SYSTEM(read(feed[0], &byte, 1)) == 1);
  CHECK(pthread_mutex_lock(&lock));
  work_to_do = 1;
  CHECK(pthread_cond_broadcast(&work_arrived));
  CHECK(pthread_mutex_unlock(&lock));
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  puts("pool done");
  return 0;
}
