// Streams are locked under a mutex, under each other and within each other, in one order.
#include "support.h"

enum { kThreads = 4, kLines = 100 };
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static FILE* log_file;

static void* write_lines(void* argument) {
  for (int i = 0; i < kLines; ++i) {
    CHECK(pthread_mutex_lock(&log_lock));
    flockfile(log_file);
    fprintf(log_file, "line %d", i);
    flockfile(stderr);  // the standard streams come last
    putc_unlocked('\n', log_file);
    funlockfile(stderr);
    funlockfile(log_file);
    CHECK(pthread_mutex_unlock(&log_lock));
    fprintf(log_file, "%d\n", i);
  }
  return argument;
}

int main(void) {
  pthread_t threads[kThreads];
  log_file = fopen("/dev/null", "w");
  CHECK_THAT(log_file != NULL);
  for (int i = 0; i < kThreads; ++i) threads[i] = start(write_lines, NULL);
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  CHECK_THAT(fclose(log_file) == 0);
  puts("written");
  return 0;
}
