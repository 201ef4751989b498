// RACE: threshold, on_user_signal
// What was set before a handler was installed comes before the handler, in whichever thread it runs.
#include <pthread.h>
#include <signal.h>

#include "turns.h"

volatile int threshold;
volatile int seen;

static void on_user_signal(int number) {
  seen = threshold + number;
  step(2);
}

static void* waits(void* unused) {
  step(1);
  await(2);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, waits, 0);
  await(1);
  if (!RACY) threshold = 1;
  struct sigaction action = {.sa_handler = on_user_signal}, before;
  if (sigaction(SIGUSR1, &action, 0) != 0) return 1;
  if (sigaction(SIGUSR1, 0, &before) != 0 || before.sa_handler != on_user_signal) return 2;
  if (RACY) threshold = 2;
  pthread_kill(thread, SIGUSR1);
  pthread_join(thread, 0);
  return 0;
}
