// Every thread waits for a semaphore in shared memory that another process posts after 500 ms.
#include <sys/mman.h>
#include <sys/wait.h>

#include "support.h"

static sem_t* shared;

static void* work(void* argument) {
  CHECK_SYSTEM(sem_wait(shared));
  return argument;
}

int main(void) {
  shared = mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK_THAT(shared != MAP_FAILED);
  CHECK_SYSTEM(sem_init(shared, 1, 0));
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    pass_time(500);
    for (int i = 0; i < 3; ++i) CHECK_SYSTEM(sem_post(shared));
    _exit(0);
  }
  pthread_t a = start(work, NULL);
  pthread_t b = start(work, NULL);
  CHECK_SYSTEM(sem_wait(shared));
  join(a);
  join(b);
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  puts("posted by another process");
  return 0;
}
