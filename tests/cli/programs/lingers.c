// lingers FILE: leaves a daemon with two threads behind, which goes on taking a lock until FILE is there, and
// ends itself with exit code 4. The daemon appends a line to FILE when it ends.
#include <fcntl.h>
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char* file;
static int is_working;

static void* work(void* argument) {
  for (int i = 0; i < 2000 && access(file, F_OK) != 0; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_unlock(&lock));
    raise_flag(&is_working);
    pass_time(10);
  }
  return argument;
}

static void be_a_daemon(int tell) {
  CHECK_SYSTEM(setsid());
  for (int descriptor = 0; descriptor < 3; ++descriptor) close(descriptor);
  pthread_t one = start(work, NULL);
  pthread_t two = start(work, NULL);
  while (!__atomic_load_n(&is_working, __ATOMIC_ACQUIRE)) sched_yield();
  CHECK_SYSTEM(write(tell, "w", 1));
  close(tell);
  join(one);
  join(two);
  const int end = (int)CHECK_SYSTEM(open(file, O_WRONLY | O_APPEND));
  CHECK_SYSTEM(write(end, "ended\n", 6));
  _exit(0);
}

int main(int argc, char** argv) {
  int pipe_ends[2];
  char byte;
  CHECK_THAT(argc == 2);
  file = argv[1];
  CHECK_SYSTEM(pipe(pipe_ends));
  if (CHECK_SYSTEM(fork()) == 0) be_a_daemon(pipe_ends[1]);
  CHECK_THAT(read(pipe_ends[0], &byte, 1) == 1);
  return 4;
}
