// A process whose threads have all ended is one of a single thread again, and may have a user namespace.
#include <sched.h>

#include "support.h"

static void* nothing(void* argument) {
  return argument;
}

int main(void) {
  for (int i = 0; i < 3; ++i) join(start(nothing, NULL));
  const int result = unshare(CLONE_NEWUSER);
  printf("%d %s\n", result, result == 0 ? "" : strerror(errno));
  join(start(nothing, NULL));
  return 0;
}
