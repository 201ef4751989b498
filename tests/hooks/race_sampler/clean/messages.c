// One object is passed to and fro by pipes: at any time one thread has it.
#include <signal.h>

#include "for_a_while.h"

static int there[2];
static int back[2];

struct ball {
  long bounces;
  long last;
};

__attribute__((noinline)) static void bounce(struct ball* ball, long by) {
  ball->bounces += 1;
  ball->last = by;
}

static void play(int from, int to, long who) {
  struct ball* ball;
  while (read(from, &ball, sizeof ball) == (ssize_t)sizeof ball) {
    bounce(ball, who);
    if (!goes_on() || write(to, &ball, sizeof ball) != (ssize_t)sizeof ball) break;
  }
  close(to);
}

static void* ping(void* ball) {
  CHECK_THAT(write(there[1], &ball, sizeof ball) == (ssize_t)sizeof ball);
  play(back[0], there[1], 1);
  return NULL;
}

static void* pong(void* nothing) {
  play(there[0], back[1], 2);
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  signal(SIGPIPE, SIG_IGN);
  CHECK_SYSTEM(pipe(there));
  CHECK_SYSTEM(pipe(back));
  struct ball* ball = calloc(1, sizeof *ball);
  run_pair(ping, pong, ball);
  free(ball);
  return 0;
}
