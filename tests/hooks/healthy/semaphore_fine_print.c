// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=semaphore,thread names=semaphore optional
// What sem_wait and its kin promise besides waiting: a cancellation point even where the semaphore is free,
// an invalid time limit refused even there, errno left alone by success.
#include "support.h"

static sem_t semaphore;
static int is_up;

static void* take_for_ever(void* argument) {
  raise_flag(&is_up);
  for (;;) CHECK_SYSTEM(sem_wait(&semaphore));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&semaphore, 0, 2000000000));
  const struct timespec invalid = {0, 1000000000};
  printf("%d %s\n", sem_timedwait(&semaphore, &invalid), strerror(errno));
  printf("%d %s\n", sem_clockwait(&semaphore, CLOCK_MONOTONIC, &invalid), strerror(errno));
  const struct timespec valid = from_now(CLOCK_REALTIME, 1000);
  printf("%d %s\n", sem_clockwait(&semaphore, CLOCK_PROCESS_CPUTIME_ID, &valid), strerror(errno));
  errno = 0;
  CHECK_SYSTEM(sem_wait(&semaphore));
  CHECK_SYSTEM(sem_timedwait(&semaphore, &valid));
  CHECK_THAT(errno == 0);
  pthread_t taker = start(take_for_ever, NULL);
  await_flag(&is_up);
  CHECK(pthread_cancel(taker));
  void* result = NULL;
  CHECK(pthread_join(taker, &result));
  puts(result == PTHREAD_CANCELED ? "cancelled" : "ended");
  return 0;
}
