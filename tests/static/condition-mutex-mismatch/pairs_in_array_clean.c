// Conditions and mutexes in two arrays, by the same index.
#include <pthread.h>

extern pthread_mutex_t locks[8];
extern pthread_cond_t conditions[8];
extern int states[8];

void await(int i) {
  pthread_mutex_lock(&locks[i]);
  while (!states[i]) pthread_cond_wait(&conditions[i], &locks[i]);
  states[i] = 0;
  pthread_mutex_unlock(&locks[i]);
}

void await_first(void) {
  pthread_mutex_lock(&locks[0]);
  while (!states[0]) pthread_cond_wait(&conditions[0], &locks[0]);
  pthread_mutex_unlock(&locks[0]);
}
