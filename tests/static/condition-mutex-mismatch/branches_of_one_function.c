// One function waits with either mutex.
#include <pthread.h>

static pthread_mutex_t fast_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t slow_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static int fast, slow;

void await(int urgent) {
  if (urgent) {
    pthread_mutex_lock(&fast_lock);
    while (!fast) pthread_cond_wait(&moved, &fast_lock);  // EXPECT: condition-mutex-mismatch
    fast = 0;
    pthread_mutex_unlock(&fast_lock);
  } else {
    pthread_mutex_lock(&slow_lock);
    while (!slow) pthread_cond_wait(&moved, &slow_lock);  // EXPECT: condition-mutex-mismatch
    slow = 0;
    pthread_mutex_unlock(&slow_lock);
  }
}
