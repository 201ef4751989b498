// A buffer of one place: semaphores say whose turn it is.
#include "for_a_while.h"

static sem_t is_empty;
static sem_t is_full;
static long place;

__attribute__((noinline)) static void put(long what) {
  place = what;
}

__attribute__((noinline)) static long take(void) {
  const long result = place;
  place = 0;
  return result;
}

static void* producer(void* nothing) {
  for (long i = 1;; ++i) {
    CHECK_SYSTEM(sem_wait(&is_empty));
    const int is_last = !goes_on();
    put(is_last ? -1 : i);
    CHECK_SYSTEM(sem_post(&is_full));
    if (is_last) return nothing;
  }
}

static void* consumer(void* nothing) {
  for (;;) {
    CHECK_SYSTEM(sem_wait(&is_full));
    const long got = take();
    CHECK_SYSTEM(sem_post(&is_empty));
    if (got < 0) return nothing;
  }
}

int main(int count, char** words) {
  run_for(count, words);
  CHECK_SYSTEM(sem_init(&is_empty, 0, 1));
  CHECK_SYSTEM(sem_init(&is_full, 0, 0));
  run_pair(producer, consumer, NULL);
  return 0;
}
