// Who was woken is no longer blocked: a condition, a semaphore and a barrier may go before the others are
// back.
#include "support.h"

enum { kWaiters = 4 };

struct Round {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  pthread_barrier_t barrier;
  sem_t semaphore;
  int waiting, open;
  int tids[kWaiters];
};

struct Waiter {
  struct Round* round;
  int number;
};

static void* wait_for_it(void* argument) {
  struct Waiter* waiter = argument;
  struct Round* round = waiter->round;
  CHECK(pthread_mutex_lock(&round->mutex));
  ++round->waiting;
  while (!round->open) CHECK(pthread_cond_wait(&round->condition, &round->mutex));
  CHECK(pthread_mutex_unlock(&round->mutex));
  pthread_barrier_wait(&round->barrier);
  tell_tid(&round->tids[waiter->number]);
  CHECK_SYSTEM(sem_wait(&round->semaphore));
  return NULL;
}

static void play(void) {
  struct Round round = {.mutex = PTHREAD_MUTEX_INITIALIZER, .condition = PTHREAD_COND_INITIALIZER};
  struct Waiter waiters[kWaiters];
  pthread_t threads[kWaiters];
  CHECK(pthread_barrier_init(&round.barrier, NULL, kWaiters + 1));
  CHECK_SYSTEM(sem_init(&round.semaphore, 0, 0));
  for (int i = 0; i < kWaiters; ++i) {
    waiters[i] = (struct Waiter){&round, i};
    threads[i] = start(wait_for_it, &waiters[i]);
  }
  for (int all = 0; !all; sched_yield()) {
    CHECK(pthread_mutex_lock(&round.mutex));
    all = round.waiting == kWaiters;
    CHECK(pthread_mutex_unlock(&round.mutex));
  }
  CHECK(pthread_mutex_lock(&round.mutex));
  round.open = 1;
  CHECK(pthread_cond_broadcast(&round.condition));
  CHECK(pthread_mutex_unlock(&round.mutex));
  CHECK(pthread_cond_destroy(&round.condition));
  pthread_barrier_wait(&round.barrier);
  CHECK(pthread_barrier_destroy(&round.barrier));
  for (int i = 0; i < kWaiters; ++i) await_sleep(&round.tids[i]);
  for (int i = 0; i < kWaiters; ++i) CHECK_SYSTEM(sem_post(&round.semaphore));
  for (int i = 0; i < kWaiters; ++i) join(threads[i]);
  CHECK_SYSTEM(sem_destroy(&round.semaphore));
  CHECK(pthread_mutex_destroy(&round.mutex));
}

int main(void) {
  for (int i = 0; i < 30; ++i) play();
  puts("all woken");
  return 0;
}
