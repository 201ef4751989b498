// RACE: text, writer
// What libc reads for the program, the program reads.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "turns.h"

char text[16] = "before";

static void* writer(void* unused) {
  snprintf(text, sizeof text, "%d", 12345);
  step(1);
  return unused;
}

int main(void) {
  // Of functions with several versions a program linked for another runtime would be given the oldest.
  char* here = realpath(".", 0);
  if (here == 0) return 1;
  free(here);
  pthread_t thread;
  pthread_create(&thread, 0, writer, 0);
  await(1);
  if (!RACY) pthread_join(thread, 0);
  fputs(text, stderr);
  if (RACY) pthread_join(thread, 0);
  return 0;
}
