// A thread has long ended when it is joined; meanwhile its slot, its tid and its stack serve others.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void* lock_once(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

int main(void) {
  pthread_t early = start(lock_once, NULL);
  CHECK(pthread_mutex_lock(&lock));
  pthread_t waiting[4];
  for (int i = 0; i < 4; ++i) waiting[i] = start(lock_once, NULL);
  CHECK(pthread_mutex_unlock(&lock));
  for (int i = 0; i < 4; ++i) join(waiting[i]);
  for (int i = 0; i < 300; ++i) join(start(lock_once, NULL));
  join(early);
  puts("joined late");
  return 0;
}
