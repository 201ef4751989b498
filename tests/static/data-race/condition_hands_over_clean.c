// The data is written before the flag and read behind it; the flag has the lock.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t written = PTHREAD_COND_INITIALIZER;
static int is_written;
static int payload[4];

static void* consume(void* unused) {
  pthread_mutex_lock(&lock);
  while (!is_written) pthread_cond_wait(&written, &lock);
  pthread_mutex_unlock(&lock);
  return payload[0] + payload[1] > 0 ? unused : NULL;
}

int main(void) {
  pthread_t consumer;
  pthread_create(&consumer, NULL, consume, NULL);
  pthread_mutex_lock(&lock);
  payload[0] = 1;
  payload[1] = 2;
  is_written = 1;
  pthread_cond_signal(&written);
  pthread_mutex_unlock(&lock);
  pthread_join(consumer, NULL);
  return 0;
}
