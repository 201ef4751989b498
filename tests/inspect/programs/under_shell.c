// INSPECT: rule=global-stall grade=inferred kinds=semaphore processes=1
// INSPECT[pipeline]: rule=global-stall grade=inferred kinds=semaphore processes=1
// A child waits for a semaphore that nobody posts, and its parent, a shell with a handler for SIGCHLD, for
// the child; in a pipeline, another child reads what it says. The finding is about the first child alone.
#include "family.h"

int main(int count, char** values) {
  take_arguments(count, values);
  if (variant("alone")) {
    sem_t nobody_posts;
    CHECK_SYSTEM(sem_init(&nobody_posts, 0, 0));
    CHECK_SYSTEM(sem_wait(&nobody_posts));
  }
  const char* command = variant("pipeline") ? "\"$0\" alone | cat; true" : "\"$0\" alone; true";
  CHECK_SYSTEM(execl("/bin/sh", "sh", "-c", command, values[0], NULL));
  return 0;
}
