// Children made by fork go on with threads of their own, or become another program; both while threads of the
// parent run over breakpoints.
#include <sys/wait.h>

#include "for_a_while.h"

static long shared;

static void* worker(void* nothing) {
  while (goes_on()) {
    ++shared;
    spend(300);
  }
  return nothing;
}

static void* short_worker(void* nothing) {
  for (int i = 0; i < 2000; ++i) {
    ++shared;
    spend(300);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  pthread_t first = start(worker, NULL);
  pthread_t second = start(worker, NULL);
  int wrong = 0;
  for (int i = 0; i < 30; ++i) {
    const pid_t child = fork();
    CHECK_SYSTEM(child);
    if (child == 0) {
      if (i % 3 == 0) execl("/bin/true", "true", (char*)NULL);
      if (i % 3 == 1) run_pair(short_worker, short_worker, NULL);
      _exit(i % 3 == 0 ? 97 : 0);
    }
    int status = 0;
    CHECK_SYSTEM(waitpid(child, &status, 0));
    if (status != 0) {
      fprintf(stderr, "child %d: status %#x\n", i, status);
      ++wrong;
    }
  }
  join(first);
  join(second);
  printf("%d wrong\n", wrong);
  return wrong;
}
