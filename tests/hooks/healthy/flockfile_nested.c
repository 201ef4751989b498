// stdio locks, two deep and in one order, with output from several threads in between.
#include "support.h"

static FILE *left, *right;

static void* write_lines(void* argument) {
  for (int i = 0; i < 500; ++i) {
    flockfile(left);
    flockfile(left);
    flockfile(right);
    fputs("line", left);
    putc_unlocked('\n', right);
    CHECK_THAT(ftrylockfile(left) == 0);
    funlockfile(left);
    funlockfile(right);
    funlockfile(left);
    funlockfile(left);
  }
  return argument;
}

int main(void) {
  left = tmpfile();
  right = tmpfile();
  CHECK_THAT(left != NULL && right != NULL);
  pthread_t a = start(write_lines, NULL);
  pthread_t b = start(write_lines, NULL);
  join(a);
  join(b);
  printf("%ld %ld\n", ftell(left), ftell(right));
  return 0;
}
