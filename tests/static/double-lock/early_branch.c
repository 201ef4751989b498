// One branch calls a function that takes the lock again.
#include <pthread.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int lines, warnings;

static void log_line(void) {
  pthread_mutex_lock(&log_lock);
  lines++;
  pthread_mutex_unlock(&log_lock);
}

void log_warning(int level) {
  pthread_mutex_lock(&log_lock);
  warnings++;
  if (level > 3) log_line();  // EXPECT: double-lock "log_lock"
  pthread_mutex_unlock(&log_lock);
}
