// A race that ThreadSanitizer finds, and ends with its own exit code.
#include <pthread.h>

static int count;

static void* work(void* argument) {
  ++count;
  return argument;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return 0;
}
