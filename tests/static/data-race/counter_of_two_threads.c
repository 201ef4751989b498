// Two threads count in one global without a lock.
#include <pthread.h>
#include <stddef.h>

static long hits;

static void* serve(void* unused) {
  for (int i = 0; i < 1000; i++) hits++;  // EXPECT: data-race "hits"
  return unused;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, serve, NULL);
  pthread_create(&two, NULL, serve, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
