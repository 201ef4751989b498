// Many threads at once: each writes what is its own, adds under a lock that all share, and waits for the
// others.
#include <pthread.h>
#include <stdlib.h>

enum { kMost = 4096, kWords = 64, kRounds = 20 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static long total;
static long own[kMost][kWords];

static void* work(void* which) {
  const long self = (long)which;
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kWords; ++i) own[self][i] += i;
    pthread_mutex_lock(&mutex);
    ++total;
    pthread_mutex_unlock(&mutex);
  }
  pthread_barrier_wait(&barrier);
  return 0;
}

int main(int count, char** arguments) {
  const long threads = count > 1 ? atol(arguments[1]) : 1;
  static pthread_t handles[kMost];
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  pthread_barrier_init(&barrier, 0, (unsigned)threads);
  for (long i = 0; i < threads; ++i)
    if (pthread_create(&handles[i], &attributes, work, (void*)i) != 0) return 2;
  for (long i = 0; i < threads; ++i) pthread_join(handles[i], 0);
  return total == threads * kRounds ? 0 : 1;
}
