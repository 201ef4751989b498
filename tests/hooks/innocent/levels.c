// Locks have levels, and every thread takes one of each level from the top.
#include "support.h"

enum { kLevels = 5, kAtLevel = 4, kThreads = 4, kRounds = 200 };
static pthread_mutex_t locks[kLevels][kAtLevel];

// One lock of each level, from the top.
static void* use(void* argument) {
  unsigned random = *(unsigned*)argument;
  for (int i = 0; i < kRounds; ++i) {
    int chosen[kLevels];
    for (int level = 0; level < kLevels; ++level) {
      random = random * 1103515245 + 12345;
      chosen[level] = (int)(random >> 16 & (kAtLevel - 1));
      CHECK(pthread_mutex_lock(&locks[level][chosen[level]]));
    }
    // Given back in the order in which they were taken.
    for (int level = 0; level < kLevels; ++level) CHECK(pthread_mutex_unlock(&locks[level][chosen[level]]));
  }
  return NULL;
}

int main(void) {
  pthread_t threads[kThreads];
  unsigned seeds[kThreads];
  for (int i = 0; i < kLevels * kAtLevel; ++i)
    CHECK(pthread_mutex_init(&locks[i / kAtLevel][i % kAtLevel], NULL));
  for (int i = 0; i < kThreads; ++i) {
    seeds[i] = (unsigned)i + 1;
    threads[i] = start(use, &seeds[i]);
  }
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  return 0;
}
