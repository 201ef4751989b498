// RACE: mutex, worker
// A mutex may go only when its last user is known to be done with it.
#include <pthread.h>

#include "turns.h"

pthread_mutex_t mutex;

static void* worker(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  step(1);
  return unused;
}

int main(void) {
  pthread_mutex_init(&mutex, 0);
  pthread_t thread;
  pthread_create(&thread, 0, worker, 0);
  await(1);
  if (!RACY) pthread_join(thread, 0);
  pthread_mutex_destroy(&mutex);
  if (RACY) pthread_join(thread, 0);
  return 0;
}
