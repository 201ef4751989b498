// The callee gives the lock back for its caller.
#include <pthread.h>

static pthread_mutex_t session_lock = PTHREAD_MUTEX_INITIALIZER;
static int sessions;

static void session_end(void) {
  sessions--;
  pthread_mutex_unlock(&session_lock);
}

int session_restart(void) {
  pthread_mutex_lock(&session_lock);
  session_end();
  pthread_mutex_lock(&session_lock);
  int result = ++sessions;
  pthread_mutex_unlock(&session_lock);
  return result;
}
