// Threads lock and unlock all the time while others fork: each child locks what is its own, with a thread of
// its own, and the parent goes on without a trace of it.
#include <sys/syscall.h>
#include <sys/wait.h>

#include "support.h"

enum { kWorkers = 3, kForkers = 2, kForks = 25 };

static pthread_mutex_t locks[8];
static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
static int stopping;

static void* work(void* argument) {
  unsigned n = (unsigned)(size_t)argument;
  while (!flag_is_up(&stopping)) {
    const unsigned i = n++ % 7;
    CHECK(pthread_rwlock_rdlock(&shared));
    CHECK(pthread_mutex_lock(&locks[i]));
    CHECK(pthread_mutex_lock(&locks[i + 1]));
    CHECK(pthread_mutex_unlock(&locks[i]));
    CHECK(pthread_mutex_unlock(&locks[i + 1]));
    CHECK(pthread_rwlock_unlock(&shared));
  }
  return NULL;
}

static void* lock_own(void* own) {
  CHECK(pthread_mutex_lock(own));
  CHECK(pthread_mutex_unlock(own));
  return NULL;
}

static void be_child(void) {
  pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
  CHECK(pthread_mutex_lock(&own));
  pthread_t thread = start(lock_own, &own);
  CHECK(pthread_mutex_unlock(&own));
  join(thread);
  _exit(7);
}

// Without the handlers of pthread_atfork, and so without threads in the child.
static void be_bare_child(void) {
  pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
  for (int i = 0; i < 1000; ++i) lock_own(&own);
  _exit(7);
}

static pid_t fork_somehow(int i) {
  switch (i % 4) {
    case 0:
      return _Fork();
    case 1:
      return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    default:
      return fork();
  }
}

static void* keep_forking(void* argument) {
  pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
  for (int i = 0; i < kForks; ++i) {
    CHECK(pthread_mutex_lock(&held));
    const pid_t child = (pid_t)CHECK_SYSTEM(fork_somehow(i));
    CHECK(pthread_mutex_unlock(&held));
    if (child == 0) i % 4 < 2 ? be_bare_child() : be_child();
    int status = 0;
    CHECK_SYSTEM(waitpid(child, &status, 0));
    CHECK_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
  }
  return argument;
}

int main(void) {
  for (int i = 0; i < 8; ++i) CHECK(pthread_mutex_init(&locks[i], NULL));
  pthread_t workers[kWorkers], forkers[kForkers];
  for (size_t i = 0; i < kWorkers; ++i) workers[i] = start(work, (void*)i);
  for (int i = 0; i < kForkers; ++i) forkers[i] = start(keep_forking, NULL);
  for (int i = 0; i < kForkers; ++i) join(forkers[i]);
  raise_flag(&stopping);
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  puts("done");
  return 0;
}
