// A thread in each of the calls that block; none of them may return before it is time. Says "ready" once all
// have begun, and ends the calls properly when a byte comes on its standard input.
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sem.h>
#include <sys/socket.h>

#include "family.h"

static sem_t semaphore;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, held = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int is_time, begun;
static int pipe_ends[2], socket_ends[2], event, poll_event, set;

static void* in_sem_wait(void* nothing) {
  CHECK_SYSTEM(sem_wait(&semaphore));
  CHECK_THAT(flag_is_up(&is_time));
  return nothing;
}

static void* in_cond_wait(void* nothing) {
  CHECK(pthread_mutex_lock(&lock));
  raise_flag(&begun);
  CHECK(pthread_cond_wait(&condition, &lock));  // not in a loop: it must not return before
  CHECK_THAT(flag_is_up(&is_time));
  CHECK(pthread_mutex_unlock(&lock));
  return nothing;
}

static void* in_mutex_lock(void* nothing) {
  CHECK(pthread_mutex_lock(&held));
  CHECK_THAT(flag_is_up(&is_time));
  CHECK(pthread_mutex_unlock(&held));
  return nothing;
}

static void* in_read(void* descriptor) {
  char byte;
  CHECK_THAT(CHECK_SYSTEM(read(*(int*)descriptor, &byte, 1)) == 1);
  CHECK_THAT(flag_is_up(&is_time));
  return NULL;
}

// Over and over; each must last as long as it was told to.
static void* in_nanosleep(void* nothing) {
  while (!flag_is_up(&is_time)) {
    const struct timespec time = {0, 50000000};
    const long before = milliseconds_now();
    CHECK_SYSTEM(nanosleep(&time, NULL));
    CHECK_THAT(milliseconds_now() - before >= 49);
  }
  return nothing;
}

static void* in_epoll_wait(void* nothing) {
  const int epoll = (int)CHECK_SYSTEM(epoll_create1(0));
  struct epoll_event wanted = {.events = EPOLLIN};
  CHECK_SYSTEM(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted));
  CHECK_THAT(CHECK_SYSTEM(epoll_wait(epoll, &wanted, 1, -1)) == 1);
  CHECK_THAT(flag_is_up(&is_time));
  return nothing;
}

static void* in_poll(void* nothing) {
  struct pollfd wanted = {.fd = poll_event, .events = POLLIN};
  CHECK_THAT(CHECK_SYSTEM(poll(&wanted, 1, 1000000)) == 1);
  CHECK_THAT(flag_is_up(&is_time));
  return nothing;
}

static void* in_sigtimedwait(void* nothing) {
  sigset_t set_of_one;
  sigemptyset(&set_of_one);
  sigaddset(&set_of_one, SIGUSR1);
  const struct timespec limit = {1000, 0};
  CHECK_THAT(CHECK_SYSTEM(sigtimedwait(&set_of_one, NULL, &limit)) == SIGUSR1);
  CHECK_THAT(flag_is_up(&is_time));
  return nothing;
}

static void* in_semop(void* nothing) {
  struct sembuf take = {0, -1, 0};
  CHECK_SYSTEM(semop(set, &take, 1));
  CHECK_THAT(flag_is_up(&is_time));
  return nothing;
}

static void wake_all(pthread_t waits_for_signal) {
  const uint64_t one = 1;
  struct sembuf give = {0, 1, 0};
  raise_flag(&is_time);
  CHECK_SYSTEM(sem_post(&semaphore));
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_cond_signal(&condition));
  CHECK(pthread_mutex_unlock(&lock));
  CHECK(pthread_mutex_unlock(&held));
  CHECK_SYSTEM(write(pipe_ends[1], "x", 1));
  CHECK_SYSTEM(write(socket_ends[1], "x", 1));
  CHECK_SYSTEM(write(event, &one, sizeof one));
  CHECK_SYSTEM(write(poll_event, &one, sizeof one));
  CHECK_SYSTEM(semop(set, &give, 1));
  CHECK(pthread_kill(waits_for_signal, SIGUSR1));
}

int main(void) {
  sigset_t set_of_one;
  sigemptyset(&set_of_one);
  sigaddset(&set_of_one, SIGUSR1);
  CHECK(pthread_sigmask(SIG_BLOCK, &set_of_one, NULL));
  CHECK_SYSTEM(sem_init(&semaphore, 0, 0));
  CHECK_SYSTEM(pipe(pipe_ends));
  CHECK_SYSTEM(socketpair(AF_UNIX, SOCK_STREAM, 0, socket_ends));
  event = (int)CHECK_SYSTEM(eventfd(0, 0));
  poll_event = (int)CHECK_SYSTEM(eventfd(0, 0));
  set = (int)CHECK_SYSTEM(semget(IPC_PRIVATE, 1, 0600));
  CHECK(pthread_mutex_lock(&held));
  pthread_t threads[] = {start(in_sigtimedwait, NULL),  start(in_sem_wait, NULL),
                         start(in_cond_wait, NULL),     start(in_mutex_lock, NULL),
                         start(in_read, &pipe_ends[0]), start(in_read, &socket_ends[0]),
                         start(in_nanosleep, NULL),     start(in_epoll_wait, NULL),
                         start(in_poll, NULL),          start(in_semop, NULL)};
  await_flag(&begun);
  printf("semaphores %d\nready\n", set);
  fflush(stdout);
  char byte;
  CHECK_THAT(CHECK_SYSTEM(read(STDIN_FILENO, &byte, 1)) == 1);
  wake_all(threads[0]);
  for (size_t i = 0; i < sizeof threads / sizeof *threads; ++i) join(threads[i]);
  CHECK_SYSTEM(semctl(set, 0, IPC_RMID));
  printf("untouched\n");
  return 0;
}
