// A thread is cancelled inside pthread_cond_wait: its cleanup handler finds the mutex held and releases it.
#include "support.h"

static pthread_mutex_t lock;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int inside;

static void release(void* argument) {
  // An error-checking mutex says whether this thread holds it.
  CHECK_THAT(pthread_mutex_lock(&lock) == EDEADLK);
  CHECK(pthread_mutex_unlock(argument));
}

static void* wait_for_ever(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  pthread_cleanup_push(release, &lock);
  raise_flag(&inside);
  for (;;) CHECK(pthread_cond_wait(&never, &lock));
  pthread_cleanup_pop(0);
  return argument;
}

int main(void) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK));
  CHECK(pthread_mutex_init(&lock, &attributes));
  for (int i = 0; i < 20; ++i) {
    inside = 0;
    pthread_t waiter = start(wait_for_ever, NULL);
    await_flag(&inside);
    CHECK(pthread_mutex_lock(&lock));  // had only once the waiter is in its wait
    CHECK(pthread_mutex_unlock(&lock));
    CHECK(pthread_cancel(waiter));
    void* result;
    CHECK(pthread_join(waiter, &result));
    CHECK_THAT(result == PTHREAD_CANCELED);
  }
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_mutex_unlock(&lock));
  puts("cancelled cleanly");
  return 0;
}
