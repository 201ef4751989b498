// The same with pthreads; the thread needs another lock.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static int listed, counted;

static void* count(void* unused) {
  pthread_mutex_lock(&count_lock);
  counted++;
  pthread_mutex_unlock(&count_lock);
  return unused;
}

int list(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, count, NULL) != 0) return -1;
  pthread_mutex_lock(&list_lock);
  listed++;
  pthread_join(thread, NULL);  // EXPECT: blocking-under-lock
  pthread_mutex_unlock(&list_lock);
  return 0;
}
