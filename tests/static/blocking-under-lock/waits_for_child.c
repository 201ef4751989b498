// A child process is waited for under a lock.
#include <pthread.h>
#include <sys/wait.h>

static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static int jobs;

int reap(pid_t child) {
  int status = 0;
  pthread_mutex_lock(&jobs_lock);
  if (waitpid(child, &status, 0) == child) jobs--;  // EXPECT: blocking-under-lock
  pthread_mutex_unlock(&jobs_lock);
  return status;
}
