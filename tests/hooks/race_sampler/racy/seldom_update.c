// A counter that one thread changes under the lock and the other without, so seldom that the two hardly ever
// meet.
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
  while (goes_on()) {
    note_locked(1);
    rest_for(17);
  }
  return nothing;
}

static void* careless(void* nothing) {
  while (goes_on()) {
    note_unlocked(2);
    rest_for(23);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(careful, careless, NULL);
  return notes == 0;
}
