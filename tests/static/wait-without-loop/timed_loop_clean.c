// A timed wait in a loop that ends by the state or by the time.
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int answer;

int await_answer(const struct timespec* until) {
  int result = 0;
  pthread_mutex_lock(&lock);
  while (answer == 0 && result != ETIMEDOUT) result = pthread_cond_timedwait(&answered, &lock, until);
  result = answer;
  pthread_mutex_unlock(&lock);
  return result;
}

void give_answer(int value) {
  pthread_mutex_lock(&lock);
  answer = value;
  pthread_cond_signal(&answered);
  pthread_mutex_unlock(&lock);
}
