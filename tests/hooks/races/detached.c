// RACE: value, second
// A thread that nobody joins is known of only by what it has told.
#include <pthread.h>
#include <stdlib.h>

#include "turns.h"

int value;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void last_word(void) {
  arrive();
}

static void* first(void* unused) {
  pthread_detach(pthread_self());
  value += 1;
  if (!RACY) pthread_mutex_lock(&mutex);
  if (!RACY) pthread_mutex_unlock(&mutex);
  step(1);
  return unused;
}

static void* second(void* unused) {
  if (!RACY) pthread_mutex_lock(&mutex);
  value += 1;
  if (!RACY) pthread_mutex_unlock(&mutex);
  pthread_exit(unused);
}

int main(void) {
  atexit(last_word);
  pthread_t thread;
  pthread_create(&thread, 0, first, 0);
  await(1);
  pthread_create(&thread, 0, second, 0);
  pthread_join(thread, 0);
  return 0;
}
