// A mutex in shared memory is locked by a child and unlocked by its parent.
// EXPECT: rule=unlock-not-owner grade=proven threads=1 kinds=mutex
#include <sys/mman.h>
#include <sys/wait.h>

#include "support.h"

struct Shared {
  pthread_mutex_t mutex;
  int taken, done;
};

int main(void) {
  struct Shared* shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK_THAT(shared != MAP_FAILED);
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
  CHECK(pthread_mutex_init(&shared->mutex, &attributes));
  const pid_t child = fork();
  CHECK_SYSTEM(child);
  if (child == 0) {
    CHECK(pthread_mutex_lock(&shared->mutex));
    raise_flag(&shared->taken);
    await_flag(&shared->done);
    _exit(0);
  }
  await_flag(&shared->taken);
  CHECK(pthread_mutex_unlock(&shared->mutex));
  raise_flag(&shared->done);
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  puts("unlocked by the parent");
  return 0;
}
