// A thread releases another lock than the one it has taken.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t input_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;
static int output;

static void* worker(void* unused) {
  (void)unused;
  pthread_mutex_lock(&output_lock);
  ++output;
  pthread_mutex_unlock(&output_lock);
  pthread_mutex_unlock(&input_lock);  // EXPECT: unlock-not-held "releases input_lock"
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  return pthread_join(thread, NULL);
}
