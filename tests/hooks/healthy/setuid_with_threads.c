// setuid, setgid and their like interrupt every thread of the process with an internal signal, blocked ones
// too.
#include "support.h"

enum { kWorkers = 4 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t leave;

static void* wait_then_lock(void* argument) {
  while (sem_wait(&leave) == -1) CHECK_THAT(errno == EINTR);
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&leave, 0, 0));
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; ++i) workers[i] = start(wait_then_lock, NULL);
  for (int i = 0; i < 20; ++i) {
    CHECK_SYSTEM(setgid(getgid()));
    CHECK_SYSTEM(setuid(getuid()));
    CHECK_SYSTEM(seteuid(geteuid()));
  }
  for (int i = 0; i < kWorkers; ++i) CHECK_SYSTEM(sem_post(&leave));
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  puts("still myself");
  return 0;
}
