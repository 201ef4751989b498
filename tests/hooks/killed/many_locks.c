// Four threads that never stop taking 1 to 6 of 16 global locks and giving them back, to be killed at any
// moment.
//
//   many_locks         writes a byte on standard output when all of them run
//   many_locks start   starts and joins threads without end instead
//   many_locks fork    forks without end instead, with a lock held
//
// Locks are always taken in the order of their numbers and given back in any order. The number is in the
// name: lock_03 is a mutex, and a multiple of 4 makes it a read-write lock, one more than that a semaphore of
// one unit. It ends by itself, in case nobody kills it.
#include <sys/wait.h>

#include "support.h"

#define FOR_MUTEXES(DO) DO(02) DO(03) DO(06) DO(07) DO(10) DO(11) DO(14) DO(15)
#define FOR_RWLOCKS(DO) DO(00) DO(04) DO(08) DO(12)
#define FOR_SEMAPHORES(DO) DO(01) DO(05) DO(09) DO(13)

#define MUTEX(number) pthread_mutex_t lock_##number = PTHREAD_MUTEX_INITIALIZER;
#define RWLOCK(number) pthread_rwlock_t lock_##number = PTHREAD_RWLOCK_INITIALIZER;
#define SEMAPHORE(number) sem_t lock_##number;
#define ADDRESS(number) &lock_##number,

FOR_MUTEXES(MUTEX)
FOR_RWLOCKS(RWLOCK)
FOR_SEMAPHORES(SEMAPHORE)

enum { kThreads = 4, kLocks = 16, kMostHeld = 6, kSecondsToLive = 20 };

static pthread_mutex_t* const mutexes[] = {FOR_MUTEXES(ADDRESS)};
static pthread_rwlock_t* const rwlocks[] = {FOR_RWLOCKS(ADDRESS)};
static sem_t* const semaphores[] = {FOR_SEMAPHORES(ADDRESS)};
static int all_run;

static unsigned next_random(unsigned* state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 10;
}

static pthread_mutex_t* mutex_of(unsigned number) {
  return mutexes[number / 4 * 2 + number % 4 - 2];
}

static void take(unsigned number, int shared) {
  if (number % 4 == 0) {
    CHECK(shared ? pthread_rwlock_rdlock(rwlocks[number / 4]) : pthread_rwlock_wrlock(rwlocks[number / 4]));
  } else if (number % 4 == 1) {
    CHECK_SYSTEM(sem_wait(semaphores[number / 4]));
  } else {
    CHECK(pthread_mutex_lock(mutex_of(number)));
  }
}

static void give_back(unsigned number) {
  if (number % 4 == 0) {
    CHECK(pthread_rwlock_unlock(rwlocks[number / 4]));
  } else if (number % 4 == 1) {
    CHECK_SYSTEM(sem_post(semaphores[number / 4]));
  } else {
    CHECK(pthread_mutex_unlock(mutex_of(number)));
  }
}

// Takes 1 to kMostHeld locks in the order of their numbers, and gives them back in another.
static void take_some(unsigned* random) {
  unsigned held[kMostHeld];
  unsigned count = 0;
  const unsigned wanted = 1 + next_random(random) % kMostHeld;
  for (unsigned number = 0; number < kLocks && count < wanted; ++number) {
    if (next_random(random) % (kLocks - number) >= wanted - count) continue;
    take(number, next_random(random) % 2 == 0);
    held[count++] = number;
  }
  while (count > 0) {
    const unsigned which = next_random(random) % count;
    give_back(held[which]);
    held[which] = held[--count];
  }
}

static void* work(void* argument) {
  unsigned random = 1 + (unsigned)(size_t)argument;
  meet(&all_run, kThreads + 1);
  while (1) take_some(&random);
  return NULL;
}

static void* work_once(void* argument) {
  unsigned random = 1 + (unsigned)(size_t)argument;
  take_some(&random);
  return NULL;
}

static void say_ready(void) {
  CHECK_SYSTEM(write(1, "r", 1));
}

static void start_threads_for_ever(void) {
  pthread_t threads[kThreads];
  say_ready();
  for (size_t seed = 0;; seed += kThreads) {
    for (size_t i = 0; i < kThreads; ++i) threads[i] = start(work_once, (void*)(seed + i));
    for (size_t i = 0; i < kThreads; ++i) join(threads[i]);
  }
}

// The child inherits what the forking thread holds, so that it gets a record of its own.
static void fork_for_ever(void) {
  unsigned random = 1;
  say_ready();
  while (1) {
    take(2, 0);
    const pid_t child = (pid_t)CHECK_SYSTEM(fork());
    if (child == 0) {
      take(3, 0);
      give_back(3);
      give_back(2);
      take_some(&random);
      _exit(0);
    }
    give_back(2);
    CHECK_SYSTEM(waitpid(child, NULL, 0));
  }
}

int main(int argc, char** argv) {
  alarm(kSecondsToLive);
  for (int i = 0; i < kLocks / 4; ++i) CHECK_SYSTEM(sem_init(semaphores[i], 0, 1));
  if (argc > 1 && strcmp(argv[1], "start") == 0) start_threads_for_ever();
  if (argc > 1 && strcmp(argv[1], "fork") == 0) fork_for_ever();
  pthread_t threads[kThreads];
  for (size_t i = 0; i < kThreads; ++i) threads[i] = start(work, (void*)i);
  meet(&all_run, kThreads + 1);
  say_ready();
  for (size_t i = 0; i < kThreads; ++i) join(threads[i]);
  return 0;
}
