// A counter that one thread changes under the lock and the other without, a few times a second, at odd times:
// they hardly ever meet, and are told all the same.
// LONG: 60
// EXPECT: grade=possible|proven by=lockset|caught functions=note_locked,note_unlocked
#include "for_a_while.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long notes;

__attribute__((noinline)) static void note_locked(long n) {
  CHECK(pthread_mutex_lock(&lock));
  notes += n;
  CHECK(pthread_mutex_unlock(&lock));
}

__attribute__((noinline)) static void note_unlocked(long n) {
  notes += n;
}

static void rest_for(long milliseconds) {
  const struct timespec time = {0, milliseconds * 1000000};
  nanosleep(&time, NULL);
}

static void* careful(void* nothing) {
  for (unsigned i = 1; goes_on(); i = i * 1664525 + 1013904223) {
    note_locked(1);
    rest_for(10 + (long)(i >> 16) % 190);
  }
  return nothing;
}

static void* careless(void* nothing) {
  for (unsigned i = 7; goes_on(); i = i * 1664525 + 1013904223) {
    note_unlocked(2);
    rest_for(10 + (long)(i >> 16) % 230);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(careful, careless, NULL);
  return notes == 0;
}
