// Around a fork, one handler locks and two others unlock.
// FLAGS: -std=gnu17
#include <pthread.h>

static pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER;

static void before_fork(void) {
  pthread_mutex_lock(&heap_lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&heap_lock);
}

int install(void) {
  return pthread_atfork(before_fork, after_fork, after_fork);
}
