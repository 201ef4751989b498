// Detached threads come and go, two hundred of them, counted in under a condition.
#include "support.h"

enum { kThreads = 200 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_done = PTHREAD_COND_INITIALIZER;
static int done;

static void* work(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  ++done;
  CHECK(pthread_cond_signal(&one_done));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  pthread_attr_t attributes;
  CHECK(pthread_attr_init(&attributes));
  CHECK(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED));
  for (int i = 0; i < kThreads; ++i) {
    pthread_t thread;
    CHECK(pthread_create(&thread, &attributes, work, NULL));
  }
  CHECK(pthread_mutex_lock(&lock));
  while (done < kThreads) CHECK(pthread_cond_wait(&one_done, &lock));
  CHECK(pthread_mutex_unlock(&lock));
  printf("%d\n", done);
  return 0;
}
