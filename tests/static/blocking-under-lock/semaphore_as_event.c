// A semaphore that another function posts is waited for under a mutex.
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t done;
static int finished;

int setup(void) {
  return sem_init(&done, 0, 0);
}

void complete(void) {
  sem_post(&done);
}

void await_done(void) {
  pthread_mutex_lock(&lock);
  sem_wait(&done);  // EXPECT: blocking-under-lock
  finished++;
  pthread_mutex_unlock(&lock);
}
