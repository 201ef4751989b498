// What allocators do: locked before a fork, unlocked in the parent, initialised anew in the child.
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t arena = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER;
static int taken, done;

static void before(void) {
  CHECK(pthread_mutex_lock(&arena));
  CHECK(pthread_rwlock_wrlock(&table));
}
static void in_parent(void) {
  CHECK(pthread_rwlock_unlock(&table));
  CHECK(pthread_mutex_unlock(&arena));
}
static void in_child(void) {
  CHECK(pthread_mutex_init(&arena, NULL));
  CHECK(pthread_rwlock_init(&table, NULL));
  CHECK(pthread_mutex_init(&busy, NULL));  // another thread had it
}

static void* hold(void* argument) {
  CHECK(pthread_mutex_lock(&busy));
  raise_flag(&taken);
  await_flag(&done);
  CHECK(pthread_mutex_unlock(&busy));
  return argument;
}

int main(void) {
  CHECK(pthread_atfork(before, in_parent, in_child));
  pthread_t holder = start(hold, NULL);
  await_flag(&taken);
  const pid_t child = fork();
  CHECK_SYSTEM(child);
  if (child == 0) {
    before();
    in_parent();
    CHECK(pthread_mutex_lock(&busy));
    CHECK(pthread_mutex_unlock(&busy));
    _exit(0);
  }
  int status = 0;
  CHECK_SYSTEM(waitpid(child, &status, 0));
  CHECK_THAT(status == 0);
  raise_flag(&done);
  join(holder);
  puts("made anew");
  return 0;
}
