// Each round unlocks what was locked once.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void drain(int* queue, int size) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < size; i++) {
    queue[i] = 0;
    pthread_mutex_unlock(&lock);  // EXPECT: unlock-not-held
  }
}  // EXPECT-MAY: missing-unlock
