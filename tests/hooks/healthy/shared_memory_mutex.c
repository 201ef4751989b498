// A mutex and a condition in shared memory: the child holds the one for a while, then signals the other.
#include <sys/mman.h>
#include <sys/wait.h>

#include "support.h"

struct Shared {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int held, ready;
};

int main(void) {
  struct Shared* shared =
      mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK_THAT(shared != MAP_FAILED);
  pthread_mutexattr_t for_lock;
  CHECK(pthread_mutexattr_init(&for_lock));
  CHECK(pthread_mutexattr_setpshared(&for_lock, PTHREAD_PROCESS_SHARED));
  CHECK(pthread_mutex_init(&shared->lock, &for_lock));
  pthread_condattr_t for_condition;
  CHECK(pthread_condattr_init(&for_condition));
  CHECK(pthread_condattr_setpshared(&for_condition, PTHREAD_PROCESS_SHARED));
  CHECK(pthread_cond_init(&shared->changed, &for_condition));
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    CHECK(pthread_mutex_lock(&shared->lock));
    raise_flag(&shared->held);
    pass_time(400);
    CHECK(pthread_mutex_unlock(&shared->lock));
    pass_time(400);
    CHECK(pthread_mutex_lock(&shared->lock));
    shared->ready = 1;
    CHECK(pthread_cond_signal(&shared->changed));
    CHECK(pthread_mutex_unlock(&shared->lock));
    _exit(0);
  }
  await_flag(&shared->held);
  CHECK(pthread_mutex_lock(&shared->lock));
  while (!shared->ready) CHECK(pthread_cond_wait(&shared->changed, &shared->lock));
  CHECK(pthread_mutex_unlock(&shared->lock));
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  puts("signalled by another process");
  return 0;
}
