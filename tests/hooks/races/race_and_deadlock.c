// RACE: counter, pays
// DEADLOCK: checking, savings
// Both are watched in one process, and told in one report.
#include <pthread.h>

#include "turns.h"

int counter;
pthread_mutex_t checking = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t savings = PTHREAD_MUTEX_INITIALIZER;

static void* pays(void* unused) {
  pthread_mutex_lock(&checking);
  if (RACY) ++counter;
  step(1);
  if (RACY) await(2);
  pthread_mutex_lock(&savings);
  pthread_mutex_unlock(&savings);
  pthread_mutex_unlock(&checking);
  return unused;
}

static void* saves(void* unused) {
  await(1);
  pthread_mutex_lock(RACY ? &savings : &checking);
  if (RACY) ++counter;
  step(2);
  pthread_mutex_lock(RACY ? &checking : &savings);
  pthread_mutex_unlock(RACY ? &checking : &savings);
  pthread_mutex_unlock(RACY ? &savings : &checking);
  return unused;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, 0, pays, 0);
  pthread_create(&other, 0, saves, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return 0;
}
