// The kind of a mutex within a structure that is initialised statically.
// FLAGS: -D_GNU_SOURCE
#include <pthread.h>

struct registry {
  int entries;
  pthread_mutex_t lock;
};

static struct registry registry = {0, PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP};

static int registry_count(void) {
  pthread_mutex_lock(&registry.lock);
  int result = registry.entries;
  pthread_mutex_unlock(&registry.lock);
  return result;
}

void registry_add(void) {
  pthread_mutex_lock(&registry.lock);
  registry.entries = registry_count() + 1;
  pthread_mutex_unlock(&registry.lock);
}
