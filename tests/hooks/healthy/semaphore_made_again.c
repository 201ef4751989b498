// A thread takes a semaphore and ends; the semaphore is destroyed and made again in the same place. The new
// one is nobody's: main waits on it for a post that takes a while.
#include "support.h"

static sem_t semaphore;

static void* take(void* argument) {
  CHECK_SYSTEM(sem_wait(&semaphore));
  return argument;
}

static void* post_later(void* argument) {
  pass_time(300);
  CHECK_SYSTEM(sem_post(&semaphore));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&semaphore, 0, 1));
  join(start(take, NULL));
  for (int i = 0; i < 3; ++i) {
    CHECK_SYSTEM(sem_destroy(&semaphore));
    CHECK_SYSTEM(sem_init(&semaphore, 0, 1));
    CHECK_SYSTEM(sem_wait(&semaphore));
    pthread_t poster = start(post_later, NULL);
    CHECK_SYSTEM(sem_wait(&semaphore));
    join(poster);
  }
  puts("done");
  return 0;
}
