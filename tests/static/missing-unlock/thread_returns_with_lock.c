// A thread never releases what it takes; nobody is left who could.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t result_lock = PTHREAD_MUTEX_INITIALIZER;
static int result;

static void* worker(void* unused) {
  (void)unused;
  pthread_mutex_lock(&result_lock);
  ++result;
  return NULL;  // EXPECT: missing-unlock "ends its thread with result_lock"
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, worker, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
