// poll with a timeout of 0 looks and does not wait.
#include <poll.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int readable(struct pollfd* files, nfds_t count) {
  pthread_mutex_lock(&lock);
  int ready = poll(files, count, 0);
  pthread_mutex_unlock(&lock);
  return ready;
}
