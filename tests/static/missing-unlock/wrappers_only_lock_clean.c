// Functions whose task is to lock or to unlock, called in pairs.
#include <pthread.h>

static pthread_mutex_t big_lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

void big_enter(void) {
  pthread_mutex_lock(&big_lock);
}
void big_leave(void) {
  pthread_mutex_unlock(&big_lock);
}

void big_set(int next) {
  big_enter();
  value = next;
  big_leave();
}
