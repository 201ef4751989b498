// pthread_once writes once, and everybody calls it before reading.
#include <pthread.h>
#include <stddef.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int processors;

static void count_processors(void) {
  processors = 4;
}

static void* work(void* unused) {
  pthread_once(&once, count_processors);
  return processors > 2 ? unused : NULL;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, work, NULL);
  pthread_create(&two, NULL, work, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
