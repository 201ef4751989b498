// RACE: payload, produce, consume
#include <pthread.h>
#include <semaphore.h>

#include "turns.h"

int payload;
sem_t semaphore;

static void* produce(void* unused) {
  if (!RACY) payload = 7;
  sem_post(&semaphore);
  if (RACY) payload = 7;
  step(1);
  return unused;
}

static void* consume(void* unused) {
  sem_wait(&semaphore);
  await(1);
  payload += 1;
  return unused;
}

int main(void) {
  sem_init(&semaphore, 0, 0);
  pthread_t threads[2];
  pthread_create(&threads[0], 0, produce, 0);
  pthread_create(&threads[1], 0, consume, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return payload == 8 ? 0 : 1;
}
