// EXPECT: rule=lock-order-inversion grade=unlikely threads=5 kinds=semaphore*5 optional
// The twin of dining_philosophers_semaphores.c: one more semaphore lets only four sit down at a time, so that
// one of them always finds two forks. At most an unlikely finding, since the forks alone could still form a
// ring.
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

enum { kSeats = 5 };
static const char* const kNames[kSeats] = {"Socrates", "Plato", "Aristotle", "Hypatia", "Diotima"};

static sem_t table;
static sem_t forks[kSeats];
static int seats[kSeats];
static atomic_int meals;

static void* dine(void* argument) {
  int seat = *(int*)argument;
  sem_t* left = &forks[seat];
  sem_t* right = &forks[(seat + 1) % kSeats];
  pthread_setname_np(pthread_self(), kNames[seat]);
  for (int i = 0; i < 200; ++i) {
    sem_wait(&table);
    sem_wait(left);
    sem_wait(right);
    ++meals;
    sem_post(right);
    sem_post(left);
    sem_post(&table);
  }
  return NULL;
}

int main(void) {
  pthread_t philosophers[kSeats];
  sem_init(&table, 0, kSeats - 1);
  for (int i = 0; i < kSeats; ++i) sem_init(&forks[i], 0, 1);
  for (int i = 0; i < kSeats; ++i) {
    seats[i] = i;
    pthread_create(&philosophers[i], NULL, dine, &seats[i]);
  }
  for (int i = 0; i < kSeats; ++i) pthread_join(philosophers[i], NULL);
  printf("%d meals\n", meals);
  return 0;
}
