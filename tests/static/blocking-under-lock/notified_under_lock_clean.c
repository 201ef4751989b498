// To signal, to post and to broadcast does not block.
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t done;
static int state;

int setup(void) {
  return sem_init(&done, 0, 0);
}

void finish(void) {
  pthread_mutex_lock(&lock);
  state = 1;
  pthread_cond_broadcast(&changed);
  sem_post(&done);
  pthread_mutex_unlock(&lock);
}
