// A recursive mutex wants one unlock for each lock.
// FLAGS: -D_GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int depth;

void descend(int fast) {
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
  depth++;
  pthread_mutex_unlock(&lock);
  if (fast) return;  // EXPECT: missing-unlock
  depth--;
  pthread_mutex_unlock(&lock);
}
