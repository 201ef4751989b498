// The global is written before the threads are there, and only read by them.
#include <pthread.h>
#include <stddef.h>

static int limit;
static const char* name;

static void* serve(void* unused) {
  (void)unused;
  return name != NULL && limit > 0 ? NULL : (void*)1;
}

int main(int count, char** arguments) {
  limit = count;
  name = arguments[0];
  pthread_t one, two;
  pthread_create(&one, NULL, serve, NULL);
  pthread_create(&two, NULL, serve, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
