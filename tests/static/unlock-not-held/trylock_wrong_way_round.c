// 0 means that pthread_mutex_trylock succeeded.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void refresh(int* counter) {
  if (pthread_mutex_trylock(&lock) != 0) {
    ++*counter;
    pthread_mutex_unlock(&lock);  // EXPECT: unlock-not-held
  }
}  // EXPECT-MAY: missing-unlock
