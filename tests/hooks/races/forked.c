// RACE: value, work
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "turns.h"

int value;

static void* work(void* unused) {
  value += 1;
  arrive();
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], 0, work, 0);
  await(1);
  if (!RACY) pthread_join(threads[0], 0);
  const pid_t child = fork();
  if (child == 0) {
    value += 1;  // in memory of its own
    pthread_t own;
    pthread_create(&own, 0, work, 0);
    pthread_join(own, 0);
    _exit(0);
  }
  waitpid(child, 0, 0);
  pthread_create(&threads[1], 0, work, 0);
  pthread_join(threads[1], 0);
  if (RACY) pthread_join(threads[0], 0);
  step(9);
  return 0;
}
