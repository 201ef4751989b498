// RACE: total, add
// A program that has threads becomes another one: itself, which then counts.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "turns.h"

static long total;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void* add(void* order) {
  await((long)order);
  if (!RACY) pthread_mutex_lock(&lock);
  ++total;
  if (!RACY) pthread_mutex_unlock(&lock);
  step((long)order + 1);
  await(3);
  return 0;
}

static void* idle(void* unused) {
  for (;;) pause();
  return unused;
}

int main(int argc, char** argv) {
  pthread_t threads[2];
  if (argc < 2) {
    for (int i = 0; i < 2; ++i) pthread_create(&threads[i], 0, idle, 0);
    execl("/proc/self/exe", argv[0], "again", (char*)0);
    return 1;
  }
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, add, (void*)(i + 1));
  step(1);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return strcmp(argv[1], "again") == 0 && total == 2 ? 0 : 1;
}
