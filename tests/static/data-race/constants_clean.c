// What is const is only read.
#include <pthread.h>
#include <stddef.h>

static const int limits[] = {1, 2, 3};
static const char* const names[] = {"one", "two"};

static void* serve(void* unused) {
  return limits[1] == 2 && names[0] != NULL ? unused : NULL;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, serve, NULL);
  pthread_create(&two, NULL, serve, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
