// Two threads hand a ball to each other with two semaphores: each posts what the other waits for.
#include "support.h"

static sem_t ping, pong;
static int touches;

static void* play_pong(void* argument) {
  for (int i = 0; i < 5000; ++i) {
    CHECK_SYSTEM(sem_wait(&ping));
    ++touches;
    CHECK_SYSTEM(sem_post(&pong));
  }
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&ping, 0, 0));
  CHECK_SYSTEM(sem_init(&pong, 0, 0));
  pthread_t other = start(play_pong, NULL);
  for (int i = 0; i < 5000; ++i) {
    ++touches;
    CHECK_SYSTEM(sem_post(&ping));
    CHECK_SYSTEM(sem_wait(&pong));
  }
  join(other);
  printf("%d\n", touches);
  return 0;
}
