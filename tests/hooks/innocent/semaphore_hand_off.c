// A semaphore with no unit, one post and one wait: the first order is through before the second begins.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static sem_t first_is_done;

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void* go_first(void* argument) {
  take_both(&left, &right);
  CHECK_SYSTEM(sem_post(&first_is_done));
  return argument;
}

static void* go_second(void* argument) {
  CHECK_SYSTEM(sem_wait(&first_is_done));
  take_both(&right, &left);
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&first_is_done, 0, 0));
  pthread_t a = start(go_first, NULL);
  pthread_t b = start(go_second, NULL);
  join(a);
  join(b);
  return 0;
}
