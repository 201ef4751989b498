// RACE: seen, on_signal, main
#include <pthread.h>
#include <signal.h>

#include "turns.h"

int seen;

static void on_signal(int number) {
  (void)number;
  seen += 1;
  step(2);
}

static void* wait_for_signal(void* unused) {
  step(1);
  await(3);
  return unused;
}

int main(void) {
  signal(SIGUSR1, on_signal);
  pthread_t thread;
  pthread_create(&thread, 0, wait_for_signal, 0);
  await(1);
  pthread_kill(thread, SIGUSR1);
  await(2);
  if (RACY) seen += 1;
  step(3);
  pthread_join(thread, 0);
  if (!RACY) seen += 1;
  arrive();
  return 0;
}
