// An idle pool on a semaphore; the main thread waits in epoll for a timer, then posts.
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "support.h"

enum { kWorkers = 8 };
static sem_t tasks;

static void* work(void* argument) {
  CHECK_SYSTEM(sem_wait(&tasks));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&tasks, 0, 0));
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; ++i) workers[i] = start(work, NULL);
  int timer = (int)CHECK_SYSTEM(timerfd_create(CLOCK_MONOTONIC, 0));
  struct itimerspec in_half_a_second = {{0, 0}, {0, 500000000}};
  CHECK_SYSTEM(timerfd_settime(timer, 0, &in_half_a_second, NULL));
  int poll = (int)CHECK_SYSTEM(epoll_create1(0));
  struct epoll_event event = {.events = EPOLLIN};
  CHECK_SYSTEM(epoll_ctl(poll, EPOLL_CTL_ADD, timer, &event));
  CHECK_THAT(CHECK_SYSTEM(epoll_wait(poll, &event, 1, -1)) == 1);
  for (int i = 0; i < kWorkers; ++i) CHECK_SYSTEM(sem_post(&tasks));
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  puts("pool done");
  return 0;
}
