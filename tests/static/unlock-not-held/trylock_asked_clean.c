// The result of trylock is kept and asked for later.
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void refresh(int* counter) {
  int result = pthread_mutex_trylock(&lock);
  if (result == EBUSY) return;
  if (result == 0) {
    ++*counter;
    pthread_mutex_unlock(&lock);
  }
}

void refresh_again(int* counter) {
  int locked = !pthread_mutex_trylock(&lock);
  ++*counter;
  if (locked) pthread_mutex_unlock(&lock);
}
