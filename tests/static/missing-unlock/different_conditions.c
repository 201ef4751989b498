// It locks under one condition and unlocks under another.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int lines, flushed;

void log_line(bool shared, bool flush) {
  if (!shared) return;
  pthread_mutex_lock(&log_lock);
  lines++;
  if (flush) flushed = lines;
  if (flush) pthread_mutex_unlock(&log_lock);
}  // EXPECT: missing-unlock
