// A daemon: double fork, new session, every descriptor closed, then threads and locks. It says through shared
// memory that it has done its work.
#include <sys/mman.h>
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* work(void* argument) {
  for (int i = 0; i < 1000; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    ++count;
    CHECK(pthread_mutex_unlock(&lock));
  }
  return argument;
}

static void run_daemon(int* done) {
  CHECK_SYSTEM(setsid());
  if (CHECK_SYSTEM(fork()) != 0) _exit(0);
  for (int descriptor = 0; descriptor < 1024; ++descriptor) close(descriptor);
  pthread_t a = start(work, NULL);
  pthread_t b = start(work, NULL);
  join(a);
  join(b);
  __atomic_store_n(done, count, __ATOMIC_RELEASE);
  _exit(0);
}

int main(void) {
  int* done = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK_THAT(done != MAP_FAILED);
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) run_daemon(done);
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  for (int i = 0; i < 500 && __atomic_load_n(done, __ATOMIC_ACQUIRE) == 0; ++i) pass_time(10);
  printf("%d\n", *done);
  return 0;
}
