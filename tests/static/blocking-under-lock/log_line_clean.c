// A line is written to standard error under the lock that keeps lines apart.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int lines;

void log_line(const char* text) {
  pthread_mutex_lock(&log_lock);
  fprintf(stderr, "%d %s\n", ++lines, text);
  pthread_mutex_unlock(&log_lock);
}
