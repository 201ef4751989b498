// Four threads, one lock, memory taken and given back under it. Built with a sanitizer.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* work(void* argument) {
  for (int i = 0; i < 5000; ++i) {
    pthread_mutex_lock(&lock);
    ++count;
    pthread_mutex_t* other = malloc(sizeof(*other));
    pthread_mutex_init(other, NULL);
    pthread_mutex_lock(other);
    pthread_mutex_unlock(other);
    pthread_mutex_destroy(other);
    free(other);
    pthread_mutex_unlock(&lock);
  }
  return argument;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
  printf("%d\n", count);
  return 0;
}
