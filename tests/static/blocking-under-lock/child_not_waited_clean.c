// waitpid with WNOHANG looks and does not wait.
#include <pthread.h>
#include <sys/wait.h>

static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static int jobs;

int reap(pid_t child) {
  int status = 0;
  pthread_mutex_lock(&jobs_lock);
  if (waitpid(child, &status, WNOHANG) == child) jobs--;
  pthread_mutex_unlock(&jobs_lock);
  return status;
}
