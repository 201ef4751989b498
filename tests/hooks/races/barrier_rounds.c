// RACE: cell, rounds
// Who is already in the next round when a slower thread wakes has told that one nothing of it.
#include <pthread.h>

#include "turns.h"

enum { kRounds = 200 };
pthread_barrier_t barrier;
volatile char cell[2][kRounds];

static void* rounds(void* row) {
  volatile char* own = cell[RACY ? 0 : (long)row];
  for (int i = 0; i < kRounds; ++i) {
    pthread_barrier_wait(&barrier);
    own[i] = 1;
  }
  pthread_barrier_wait(&barrier);
  return (void*)(long)(cell[1 - (long)row][0] + cell[(long)row][0]);
}

int main(void) {
  pthread_barrier_init(&barrier, 0, 2);
  pthread_t one, other;
  pthread_create(&one, 0, rounds, (void*)0);
  pthread_create(&other, 0, rounds, (void*)1);
  pthread_join(one, 0);
  pthread_join(other, 0);
  pthread_barrier_destroy(&barrier);
  return 0;
}
