// A thread is cancelled inside sem_wait while it holds a mutex: its cleanup handler releases that.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t never;
static int inside;

static void release(void* argument) {
  CHECK_THAT(pthread_mutex_trylock(argument) == EBUSY);
  CHECK(pthread_mutex_unlock(argument));
}

static void* wait_for_ever(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  pthread_cleanup_push(release, &lock);
  raise_flag(&inside);
  CHECK_SYSTEM(sem_wait(&never));
  pthread_cleanup_pop(0);
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&never, 0, 0));
  for (int i = 0; i < 20; ++i) {
    inside = 0;
    pthread_t waiter = start(wait_for_ever, NULL);
    await_flag(&inside);
    CHECK(pthread_cancel(waiter));
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_unlock(&lock));
    void* result;
    CHECK(pthread_join(waiter, &result));
    CHECK_THAT(result == PTHREAD_CANCELED);
  }
  int value;
  CHECK_SYSTEM(sem_getvalue(&never, &value));
  printf("%d\n", value);
  return 0;
}
