// Needs ever more of its flight record: 6000 locks, 100 threads at once, 200 locks in one thread's hands, a
// fork with a lock held. It ends with exit code 0 and says "grown", whether or not there was room.
#include <sys/wait.h>

#include "support.h"

enum { kLocks = 6000, kThreads = 100, kDeep = 200 };

static pthread_mutex_t locks[kLocks];
static pthread_barrier_t all_are_there;

static void touch(int first, int count) {
  for (int i = first; i < first + count; ++i) {
    CHECK(pthread_mutex_lock(&locks[i]));
    CHECK(pthread_mutex_unlock(&locks[i]));
  }
}

static void* work(void* argument) {
  pthread_barrier_wait(&all_are_there);
  const int share = kLocks / kThreads;
  touch((int)(size_t)argument * share, share);
  return NULL;
}

static void take_deep(void) {
  for (int i = 0; i < kDeep; ++i) CHECK(pthread_mutex_lock(&locks[i]));
  for (int i = kDeep; i-- > 0;) CHECK(pthread_mutex_unlock(&locks[i]));
}

static void fork_with_a_lock(void) {
  int status = 0;
  CHECK(pthread_mutex_lock(&locks[0]));
  const pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    touch(1, kLocks - 1);
    _exit(0);
  }
  CHECK(pthread_mutex_unlock(&locks[0]));
  CHECK_SYSTEM(waitpid(child, &status, 0));
  CHECK_THAT(status == 0);
}

int main(void) {
  pthread_t threads[kThreads];
  for (int i = 0; i < kLocks; ++i) CHECK(pthread_mutex_init(&locks[i], NULL));
  CHECK(pthread_barrier_init(&all_are_there, NULL, kThreads));
  for (size_t i = 0; i < kThreads; ++i) threads[i] = start(work, (void*)i);
  for (size_t i = 0; i < kThreads; ++i) join(threads[i]);
  take_deep();
  fork_with_a_lock();
  puts("grown");
  return 0;
}
