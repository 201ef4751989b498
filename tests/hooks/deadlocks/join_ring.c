// EXPECT: rule=deadlock grade=proven threads=3 kinds=thread*3
// INSPECT: rule=deadlock grade=proven threads=3 kinds=thread*3
// Three threads join each other in a ring (glibc itself refuses a ring of two).
#include "support.h"

enum { kCount = 3 };
static pthread_t threads[kCount];
static int numbers[kCount];
static int all_known;

static void* join_next(void* argument) {
  int own = *(int*)argument;
  await_flag(&all_known);
  join(threads[(own + 1) % kCount]);
  return NULL;
}

int main(void) {
  for (int i = 0; i < kCount; ++i) {
    numbers[i] = i;
    threads[i] = start(join_next, &numbers[i]);
  }
  raise_flag(&all_known);
  pthread_exit(NULL);
}
