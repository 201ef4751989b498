// A handler releases the lock when the thread ends.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static int length;

static void release(void* lock) {
  pthread_mutex_unlock(lock);
}

static void* worker(void* unused) {
  (void)unused;
  pthread_mutex_lock(&queue_lock);
  pthread_cleanup_push(release, &queue_lock);
  if (length == 0) pthread_exit(NULL);
  --length;
  pthread_cleanup_pop(1);
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  return pthread_join(thread, NULL);
}
