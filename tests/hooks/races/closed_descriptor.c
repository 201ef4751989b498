// RACE: file descriptor, logger
// A descriptor is closed while its user is not known to be done; a number that was given out again is another
// one.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "turns.h"

int ends[2];

static void* logger(void* unused) {
  if (write(ends[1], "x", 1) != 1) abort();
  step(1);
  return unused;
}

int main(void) {
  if (pipe(ends) != 0) return 1;
  pthread_t thread;
  pthread_create(&thread, 0, logger, 0);
  await(1);
  if (!RACY) pthread_join(thread, 0);
  close(ends[1]);
  if (RACY) pthread_join(thread, 0);
  close(ends[0]);
  int again[2];
  if (pipe(again) != 0 || again[0] > ends[1]) return 2;
  close(again[0]);
  close(again[1]);
  return 0;
}
