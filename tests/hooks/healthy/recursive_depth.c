// A recursive mutex a hundred deep, with others waiting for the last release.
#include "support.h"

static pthread_mutex_t lock;
static int visits;

static void descend(int levels) {
  CHECK(pthread_mutex_lock(&lock));
  ++visits;
  if (levels > 1) descend(levels - 1);
  CHECK(pthread_mutex_unlock(&lock));
}

static void* dive(void* argument) {
  for (int i = 0; i < 20; ++i) descend(100);
  return argument;
}

int main(void) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE));
  CHECK(pthread_mutex_init(&lock, &attributes));
  pthread_t a = start(dive, NULL);
  pthread_t b = start(dive, NULL);
  join(a);
  join(b);
  printf("%d\n", visits);
  return 0;
}
