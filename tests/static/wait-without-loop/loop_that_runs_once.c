// do ... while (0) is no loop.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static int is_open;

void pass(void) {
  pthread_mutex_lock(&lock);
  do {
    if (is_open) break;
    pthread_cond_wait(&opened, &lock);  // EXPECT: wait-without-loop
  } while (0);
  pthread_mutex_unlock(&lock);
}

void open_gate(void) {
  pthread_mutex_lock(&lock);
  is_open = 1;
  pthread_cond_broadcast(&opened);
  pthread_mutex_unlock(&lock);
}
