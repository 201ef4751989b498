// Two threads count, each under a lock of its own, and now and then under one that they share.
#include <pthread.h>

enum { kRounds = 2000000 };
static struct {
  pthread_mutex_t mutex;
  long count;
  char room[128];
} own[2] = {{PTHREAD_MUTEX_INITIALIZER, 0, {0}}, {PTHREAD_MUTEX_INITIALIZER, 0, {0}}};
static pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;
static long total;

static void* count(void* which) {
  const long self = (long)which;
  for (int i = 0; i < kRounds; ++i) {
    pthread_mutex_lock(&own[self].mutex);
    ++own[self].count;
    pthread_mutex_unlock(&own[self].mutex);
    if (i % 64 != 0) continue;
    pthread_mutex_lock(&shared);
    ++total;
    pthread_mutex_unlock(&shared);
  }
  return 0;
}

int main(void) {
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, count, (void*)i);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return total > 0 ? 0 : 1;
}
