// A semaphore with three units and two threads that take one each: with a unit left nobody waits for the
// other.
#include "in_turns.h"

static sem_t connections;
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

static void connection_then_cache(void) {
  CHECK_SYSTEM(sem_wait(&connections));
  CHECK(pthread_mutex_lock(&cache_lock));
  CHECK(pthread_mutex_unlock(&cache_lock));
  CHECK_SYSTEM(sem_post(&connections));
}

static void cache_then_connection(void) {
  CHECK(pthread_mutex_lock(&cache_lock));
  CHECK_SYSTEM(sem_wait(&connections));
  CHECK_SYSTEM(sem_post(&connections));
  CHECK(pthread_mutex_unlock(&cache_lock));
}

int main(void) {
  CHECK_SYSTEM(sem_init(&connections, 0, 3));
  two_turns(connection_then_cache, cache_then_connection);
  return 0;
}
