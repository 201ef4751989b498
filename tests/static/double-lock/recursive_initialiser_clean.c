// A mutex that is recursive by its static initialiser.
// FLAGS: -std=gnu11
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t stack_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int depth;

void descend(int levels) {
  pthread_mutex_lock(&stack_lock);
  depth++;
  if (levels > 0) descend(levels - 1);
  depth--;
  pthread_mutex_unlock(&stack_lock);
}
