// An endless loop that is left when the state is right.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int tokens;

void take_token(void) {
  pthread_mutex_lock(&lock);
  for (;;) {
    if (tokens > 0) break;
    pthread_cond_wait(&changed, &lock);
  }
  tokens--;
  pthread_mutex_unlock(&lock);
}

void give_token(void) {
  pthread_mutex_lock(&lock);
  tokens++;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
}
