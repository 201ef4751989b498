// A semaphore that one thread waits on and another posts is an event and no lock.
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t ready;
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static int items;

static void* consume(void* unused) {
  sem_wait(&ready);
  pthread_mutex_lock(&list_lock);
  items--;
  pthread_mutex_unlock(&list_lock);
  return unused;
}

int main(void) {
  sem_init(&ready, 0, 0);
  pthread_t consumer;
  pthread_create(&consumer, NULL, consume, NULL);
  pthread_mutex_lock(&list_lock);
  items++;
  sem_post(&ready);
  pthread_mutex_unlock(&list_lock);
  pthread_join(consumer, NULL);
  return 0;
}
