// EXPECT: rule=deadlock grade=inferred threads=5 kinds=semaphore*5
// The philosophers again, with semaphores for forks. A semaphore has no owner: who holds it is known from who
// took it and did not give it back, so the finding is inferred and not proven. Compare
// dining_philosophers_semaphores_clean.c, where one philosopher less sits down at a time.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

enum { kSeats = 5 };
static const char* const kNames[kSeats] = {"Socrates", "Plato", "Aristotle", "Hypatia", "Diotima"};

static sem_t forks[kSeats];
static int seats[kSeats];

// Makes the unlucky moment certain: nobody reaches for a second fork until everybody holds one.
static atomic_int forks_in_hand;

static void* dine(void* argument) {
  int seat = *(int*)argument;
  sem_t* left = &forks[seat];
  sem_t* right = &forks[(seat + 1) % kSeats];
  pthread_setname_np(pthread_self(), kNames[seat]);
  sem_wait(left);
  ++forks_in_hand;
  while (forks_in_hand < kSeats) sched_yield();
  sem_wait(right);
  printf("%s eats\n", kNames[seat]);
  sem_post(right);
  sem_post(left);
  return NULL;
}

int main(void) {
  pthread_t philosophers[kSeats];
  for (int i = 0; i < kSeats; ++i) sem_init(&forks[i], 0, 1);
  for (int i = 0; i < kSeats; ++i) {
    seats[i] = i;
    pthread_create(&philosophers[i], NULL, dine, &seats[i]);
  }
  for (int i = 0; i < kSeats; ++i) pthread_join(philosophers[i], NULL);
  return 0;
}
