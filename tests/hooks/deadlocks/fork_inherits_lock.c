// EXPECT: rule=abandoned-lock grade=proven threads=1 kinds=mutex names=heap_lock process=child
// INSPECT: rule=abandoned-lock grade=inferred threads=1 kinds=mutex names=heap_lock
// A child is forked while another thread of the parent holds a mutex: in the child nobody is left to release
// it.
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER;
static int held, forked;

static void* hold_during_fork(void* argument) {
  name_thread("holder");
  CHECK(pthread_mutex_lock(&heap_lock));
  raise_flag(&held);
  await_flag(&forked);
  CHECK(pthread_mutex_unlock(&heap_lock));
  return argument;
}

int main(void) {
  pthread_t holder = start(hold_during_fork, NULL);
  await_flag(&held);
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    CHECK(pthread_mutex_lock(&heap_lock));
    _exit(0);
  }
  raise_flag(&forked);
  join(holder);
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  return 0;
}
