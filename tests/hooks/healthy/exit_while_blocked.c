// exit() from a worker, while the main thread and an idle pool are blocked in join and in a condition.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void* idle(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  for (;;) CHECK(pthread_cond_wait(&never, &lock));
  return argument;
}

static void* leave(void* argument) {
  pass_time(400);
  puts("leaving");
  exit(0);
  return argument;
}

int main(void) {
  pthread_t workers[4];
  for (int i = 0; i < 4; ++i) workers[i] = start(idle, NULL);
  start(leave, NULL);
  for (int i = 0; i < 4; ++i) join(workers[i]);
  return 1;
}
