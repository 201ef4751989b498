// Locks that live in a frame: made at one and the same place again and again, and never destroyed.
#include "support.h"

static __attribute__((noinline)) int work(int seed) {
  pthread_mutex_t mutex;
  pthread_rwlock_t rwlock;
  sem_t semaphore;
  CHECK(pthread_mutex_init(&mutex, NULL));
  CHECK(pthread_rwlock_init(&rwlock, NULL));
  CHECK_SYSTEM(sem_init(&semaphore, 0, 1));
  CHECK(pthread_mutex_lock(&mutex));
  CHECK(pthread_rwlock_rdlock(&rwlock));
  CHECK(pthread_rwlock_rdlock(&rwlock));  // twice is allowed
  CHECK_SYSTEM(sem_wait(&semaphore));
  ++seed;
  CHECK(pthread_rwlock_unlock(&rwlock));
  CHECK(pthread_rwlock_unlock(&rwlock));
  CHECK(pthread_mutex_unlock(&mutex));
  return seed;
}

static __attribute__((noinline)) int scribble(int seed) {
  volatile char bytes[400];
  for (size_t i = 0; i < sizeof bytes; ++i) bytes[i] = (char)(seed + (int)i);
  return bytes[seed % 400];
}

static void* loop(void* argument) {
  int sum = 0;
  for (int i = 0; i < 500; ++i) sum += work(i) + scribble(i);
  return sum == 0 ? argument : NULL;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) threads[i] = start(loop, NULL);
  for (int i = 0; i < 3; ++i) join(threads[i]);
  puts("worked");
  return 0;
}
