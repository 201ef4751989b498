// EXPECT: rule=deadlock grade=inferred threads=2 kinds=barrier,mutex names=phase_lock,phase
// INSPECT: rule=deadlock grade=inferred threads=2 kinds=barrier,mutex names=phase_lock,phase
// One thread waits at a barrier with a lock in its hand; the other needs that lock before it can arrive.
#include "support.h"

static pthread_mutex_t phase_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t phase;

static void* lock_then_arrive(void* argument) {
  name_thread("latecomer");
  CHECK(pthread_mutex_lock(&phase_lock));
  CHECK(pthread_mutex_unlock(&phase_lock));
  pthread_barrier_wait(&phase);
  return argument;
}

int main(void) {
  CHECK(pthread_barrier_init(&phase, NULL, 2));
  CHECK(pthread_mutex_lock(&phase_lock));
  pthread_t latecomer = start(lock_then_arrive, NULL);
  pthread_barrier_wait(&phase);
  CHECK(pthread_mutex_unlock(&phase_lock));
  join(latecomer);
  return 0;
}
