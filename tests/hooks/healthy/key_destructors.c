// Destructors of thread-specific data lock mutexes, and set their key again for another round.
#include "support.h"

enum { kThreads = 20 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static int destroyed;

static void destroy(void* value) {
  int rounds = *(int*)value;
  CHECK(pthread_mutex_lock(&lock));
  ++destroyed;
  CHECK(pthread_mutex_unlock(&lock));
  if (rounds > 1) {
    *(int*)value = rounds - 1;
    CHECK(pthread_setspecific(key, value));
  } else {
    free(value);
  }
}

static void* work(void* argument) {
  int* rounds = malloc(sizeof(*rounds));
  CHECK_THAT(rounds != NULL);
  *rounds = 3;
  CHECK(pthread_setspecific(key, rounds));
  return argument;
}

int main(void) {
  CHECK(pthread_key_create(&key, destroy));
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i) threads[i] = start(work, NULL);
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  printf("%d\n", destroyed);
  return 0;
}
