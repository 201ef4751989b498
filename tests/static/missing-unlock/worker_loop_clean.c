// A worker that never returns, and unlocks in every round.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int jobs;

static void* work(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (jobs == 0) pthread_cond_wait(&more, &lock);
    jobs--;
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
  }
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);
  pthread_mutex_lock(&lock);
  jobs++;
  pthread_cond_signal(&more);
  pthread_mutex_unlock(&lock);
  pthread_join(worker, NULL);
  return 0;
}
