// The program ends where the lock is held.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER;
static long used;

static _Noreturn void fatal(int code) {
  exit(code);
}

void heap_use(long bytes) {
  pthread_mutex_lock(&heap_lock);
  if (used + bytes < 0) abort();
  used += bytes;
  if (used > 1000000) fatal(3);
  pthread_mutex_unlock(&heap_lock);
}
