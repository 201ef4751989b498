// Two semaphores of one unit that are used as locks.
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t printer, scanner;

static void* copy_page(void* unused) {
  sem_wait(&scanner);
  sem_wait(&printer);  // EXPECT: lock-order-inversion
  sem_post(&printer);
  sem_post(&scanner);
  return unused;
}

static void* calibrate(void* unused) {
  sem_wait(&printer);
  sem_wait(&scanner);  // EXPECT: lock-order-inversion
  sem_post(&scanner);
  sem_post(&printer);
  return unused;
}

int main(void) {
  sem_init(&printer, 0, 1);
  sem_init(&scanner, 0, 1);
  pthread_t one, two;
  pthread_create(&one, NULL, copy_page, NULL);
  pthread_create(&two, NULL, calibrate, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
