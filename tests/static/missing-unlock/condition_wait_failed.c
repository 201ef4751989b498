// After a wait that ran out of time the lock is held, and this way out forgets it.
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int answer;

int await_answer(const struct timespec* until) {
  pthread_mutex_lock(&lock);
  while (answer == 0) {
    if (pthread_cond_timedwait(&ready, &lock, until) == ETIMEDOUT) return -1;  // EXPECT: missing-unlock
  }
  int result = answer;
  pthread_mutex_unlock(&lock);
  return result;
}

void give_answer(int value) {
  pthread_mutex_lock(&lock);
  answer = value;
  pthread_cond_signal(&ready);
  pthread_mutex_unlock(&lock);
}
