// Four threads in step through five hundred phases; exactly one of them is told that it was the last.
#include "support.h"

enum { kThreads = 4, kPhases = 500 };
static pthread_barrier_t phase;
static int serial_threads;

static void* run(void* argument) {
  for (int i = 0; i < kPhases; ++i) {
    int result = pthread_barrier_wait(&phase);
    CHECK_THAT(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
    if (result != 0) __atomic_add_fetch(&serial_threads, 1, __ATOMIC_RELAXED);
  }
  return argument;
}

int main(void) {
  CHECK(pthread_barrier_init(&phase, NULL, kThreads));
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i) threads[i] = start(run, NULL);
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  CHECK(pthread_barrier_destroy(&phase));
  printf("%d\n", serial_threads);
  return 0;
}
