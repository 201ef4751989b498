// INSPECT: rule=deadlock grade=proven threads=2 kinds=pipe,process processes=2
// INSPECT[any]: rule=deadlock grade=proven threads=2 kinds=pipe,process processes=2
// INSPECT[sibling]: nothing
// INSPECT[untraced]: rule=deadlock grade=inferred threads=2 kinds=pipe,process processes=2
// INSPECT[mutex]: rule=deadlock grade=proven threads=3 kinds=mutex,pipe,process processes=2
// INSPECT[busy]: nothing
// The parent waits for its child to end, which waits for the parent to write to its pipe.
#include "family.h"

static int ends[2];
static int* gates;
static pthread_mutex_t state_lock = PTHREAD_MUTEX_INITIALIZER;

static void read_end(void) {
  char byte;
  CHECK_SYSTEM(close(ends[1]));
  if (variant("busy")) stay_busy();
  CHECK_SYSTEM(read(ends[0], &byte, 1));
}

static void keep_end(void) {
  raise_flag(&gates[0]);
  pass_time(1000000);
}

static void* wait_under_lock(void* nothing) {
  CHECK(pthread_mutex_lock(&state_lock));
  raise_flag(&gates[1]);
  int status;
  CHECK_SYSTEM(waitpid(-1, &status, 0));
  return nothing;
}

int main(int count, char** values) {
  take_arguments(count, values);
  gates = shared_by_all(2 * sizeof *gates);
  CHECK_SYSTEM(pipe(ends));
  const pid_t reader = child(read_end);
  if (variant("sibling")) {
    child(keep_end);
    await_flag(&gates[0]);
  }
  if (variant("mutex")) {
    start(wait_under_lock, NULL);
    await_flag(&gates[1]);
    CHECK(pthread_mutex_lock(&state_lock));
  }
  int status;
  CHECK_SYSTEM(waitpid(variant("any") ? -1 : reader, &status, variant("untraced") ? WUNTRACED : 0));
  return 0;
}
