// Nobody looks whether the trylock succeeded.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void refresh(int* counter) {
  (void)pthread_mutex_trylock(&lock);
  ++*counter;
  pthread_mutex_unlock(&lock);  // EXPECT: unlock-not-held
}
