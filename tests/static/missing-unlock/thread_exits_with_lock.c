// A helper ends the thread that calls it, with the lock held.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static int length;

static int take(void) {
  pthread_mutex_lock(&queue_lock);
  if (length < 0) pthread_exit(NULL);  // EXPECT: missing-unlock "queue_lock"
  int result = length > 0 ? length-- : 0;
  pthread_mutex_unlock(&queue_lock);
  return result;
}

void* worker(void* unused) {
  (void)unused;
  while (take() != 1) continue;
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  return pthread_join(thread, NULL);
}
