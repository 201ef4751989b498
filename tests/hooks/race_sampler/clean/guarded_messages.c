// One record goes to and fro by pipes, and one side takes a lock besides for what it does to it.
#include <signal.h>

#include "for_a_while.h"

static int there[2];
static int back[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long record[4];

__attribute__((noinline)) static void change_locked(void) {
  CHECK(pthread_mutex_lock(&lock));
  record[1] += 1;
  CHECK(pthread_mutex_unlock(&lock));
}

__attribute__((noinline)) static void change_alone(void) {
  record[1] += 2;
}

static void rest_for(long microseconds) {
  const struct timespec time = {0, microseconds * 1000};
  nanosleep(&time, NULL);
}

// Each side has its turn a few times before the other's comes.
static void play(int from, int to, void (*change)(void)) {
  char turn;
  while (read(from, &turn, 1) == 1) {
    for (int i = 0; i < 3; ++i) {
      change();
      rest_for(500);
    }
    if (!goes_on() || write(to, &turn, 1) != 1) break;
  }
  close(to);
}

static void* careful(void* nothing) {
  CHECK_THAT(write(there[1], "x", 1) == 1);
  play(back[0], there[1], change_locked);
  return nothing;
}

static void* owner(void* nothing) {
  play(there[0], back[1], change_alone);
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  signal(SIGPIPE, SIG_IGN);
  CHECK_SYSTEM(pipe(there));
  CHECK_SYSTEM(pipe(back));
  run_pair(careful, owner, NULL);
  return 0;
}
