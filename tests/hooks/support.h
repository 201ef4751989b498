// What the programs under tests/hooks share: checked calls, handshakes, thread names. C and C++.
//
// Promises: a failed call ends the program with exit code 99 and says where. The handshakes spin on plain
// atomic words and yield, so that they add no lock, no wait and no wake-up to what is being judged. Nothing
// here sleeps.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline void fail(const char* what, const char* file, int line, int error) {
  fprintf(stderr, "%s:%d: %s: %s\n", file, line, what, error ? strerror(error) : "does not hold");
  _exit(99);
}

static inline void check_result(int error, const char* what, const char* file, int line) {
  if (error != 0) fail(what, file, line, error);
}

static inline long check_system(long result, const char* what, const char* file, int line) {
  if (result == -1) fail(what, file, line, errno);
  return result;
}

// A call that returns 0 or an error number.
#define CHECK(call) check_result((call), #call, __FILE__, __LINE__)
// A call that returns -1 and sets errno.
#define CHECK_SYSTEM(call) check_system((call), #call, __FILE__, __LINE__)
#define CHECK_THAT(condition) check_result((condition) ? 0 : -1, #condition, __FILE__, __LINE__)

static inline void name_thread(const char* name) {
  CHECK(pthread_setname_np(pthread_self(), name));
}

static inline pthread_t start(void* (*body)(void*), void* argument) {
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, body, argument));
  return thread;
}

static inline void join(pthread_t thread) {
  CHECK(pthread_join(thread, NULL));
}

// Passes once `count` threads have come. A gate is an int that starts at 0 and serves once.
static inline void meet(int* gate, int count) {
  __atomic_add_fetch(gate, 1, __ATOMIC_ACQ_REL);
  while (__atomic_load_n(gate, __ATOMIC_ACQUIRE) < count) sched_yield();
}

static inline void raise_flag(int* flag) {
  __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}

static inline int flag_is_up(const int* flag) {
  return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static inline void await_flag(const int* flag) {
  while (!flag_is_up(flag)) sched_yield();
}

static inline long milliseconds_now(void) {
  struct timespec time;
  CHECK_SYSTEM(clock_gettime(CLOCK_MONOTONIC, &time));
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Passes once the flag is up, or when the time is over: an order that holds in practice, and that a thread
// which is held up before it raises its flag breaks.
static inline void await_flag_for(const int* flag, long milliseconds) {
  const long end = milliseconds_now() + milliseconds;
  while (!flag_is_up(flag) && milliseconds_now() < end) sched_yield();
}

// Whether the thread of this process sleeps in a futex call on that word, as the kernel tells.
static inline int sleeps_on(pid_t tid, const void* word) {
  char path[64], text[160];
  snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", (int)tid);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file == -1) return 0;
  const ssize_t size = read(file, text, sizeof(text) - 1);
  close(file);
  text[size > 0 ? size : 0] = 0;
  long call = -1;
  unsigned long first = 0;
  return sscanf(text, "%ld %lx", &call, &first) == 2 && call == SYS_futex && first == (unsigned long)word;
}

// Passes once the thread whose tid appears in `tid` sleeps on the word, or when the time is over.
static inline void await_sleeper_for(const pid_t* tid, const void* word, long milliseconds) {
  const long end = milliseconds_now() + milliseconds;
  while (!sleeps_on(__atomic_load_n(tid, __ATOMIC_ACQUIRE), word) && milliseconds_now() < end) sched_yield();
}

// The time `milliseconds` from now on `clock`, for the timed calls.
static inline struct timespec from_now(clockid_t clock, long milliseconds) {
  struct timespec time;
  CHECK_SYSTEM(clock_gettime(clock, &time));
  time.tv_sec += milliseconds / 1000;
  time.tv_nsec += milliseconds % 1000 * 1000000;
  if (time.tv_nsec >= 1000000000) {
    time.tv_sec += 1;
    time.tv_nsec -= 1000000000;
  }
  return time;
}

// Lets time pass where a program needs a duration. Never used to put two threads in order.
static inline void pass_time(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) == -1 && errno == EINTR) continue;
}
