// A timed wait with one mutex, an untimed one with another.
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t job_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t stop_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static int jobs, stopped;

int await_job(const struct timespec* until) {
  int result = 0;
  pthread_mutex_lock(&job_lock);
  while (jobs == 0 && result != ETIMEDOUT) {
    result = pthread_cond_timedwait(&wake, &job_lock, until);  // EXPECT: condition-mutex-mismatch
  }
  if (jobs > 0) jobs--;
  pthread_mutex_unlock(&job_lock);
  return result;
}

void await_stop(void) {
  pthread_mutex_lock(&stop_lock);
  while (!stopped) pthread_cond_wait(&wake, &stop_lock);  // EXPECT: condition-mutex-mismatch
  stopped = 0;
  pthread_mutex_unlock(&stop_lock);
}
