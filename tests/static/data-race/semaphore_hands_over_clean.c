// The post comes behind the write, the wait before the read.
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t ready;
static int answer;

static void* consume(void* unused) {
  sem_wait(&ready);
  return answer == 42 ? unused : NULL;
}

int main(void) {
  pthread_t consumer;
  sem_init(&ready, 0, 0);
  pthread_create(&consumer, NULL, consume, NULL);
  answer = 42;
  sem_post(&ready);
  pthread_join(consumer, NULL);
  return 0;
}
