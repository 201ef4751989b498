// pthread_cond_timedwait, asked for its result and not for the state.
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int answer;

int await_answer(const struct timespec* until) {
  pthread_mutex_lock(&lock);
  int result = pthread_cond_timedwait(&answered, &lock, until);  // EXPECT: wait-without-loop
  if (result == 0) result = answer;
  pthread_mutex_unlock(&lock);
  return result;
}

void give_answer(int value) {
  pthread_mutex_lock(&lock);
  answer = value;
  pthread_cond_signal(&answered);
  pthread_mutex_unlock(&lock);
}
