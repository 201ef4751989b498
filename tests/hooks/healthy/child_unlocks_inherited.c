// A child of a fork has what the thread that forked had: it unlocks it, and so does its own child.
#include <sys/mman.h>
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t normal = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t read_only = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_mutex_t* shared;

static void unlock_all(void) {
  CHECK(pthread_mutex_unlock(&normal));
  CHECK(pthread_rwlock_unlock(&read_only));
  CHECK(pthread_spin_unlock(&spin));
}

static void await_child(pid_t child) {
  int status = 0;
  CHECK_SYSTEM(child);
  CHECK_SYSTEM(waitpid(child, &status, 0));
  CHECK_THAT(status == 0);
}

static void* keep_running(void* argument) {
  await_flag(argument);
  return NULL;
}

int main(void) {
  int done = 0;
  pthread_mutexattr_t attributes;
  shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK_THAT(shared != MAP_FAILED);
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
  CHECK(pthread_mutex_init(shared, &attributes));
  CHECK(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
  pthread_t other = start(keep_running, &done);
  CHECK(pthread_mutex_lock(shared));
  CHECK(pthread_mutex_lock(&normal));
  CHECK(pthread_rwlock_wrlock(&written));
  CHECK(pthread_rwlock_rdlock(&read_only));
  CHECK(pthread_spin_lock(&spin));
  const pid_t child = fork();
  if (child == 0) {
    const pid_t grandchild = fork();
    if (grandchild == 0) {
      CHECK(pthread_mutex_unlock(shared));
      unlock_all();
      _exit(0);
    }
    await_child(grandchild);
    unlock_all();
    _exit(0);
  }
  await_child(child);
  unlock_all();
  CHECK(pthread_rwlock_unlock(&written));
  raise_flag(&done);
  join(other);
  puts("unlocked by three generations");
  return 0;
}
