// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,once names=registry_lock,setup_once
// CONFIRM: reachable=yes
// The initialiser takes a lock for a moment; while it still runs, a thread that holds that lock asks for the
// initialisation and has to wait.
#include "in_turns.h"

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static int gate;
static int registry_was_used;
static pid_t registrar;

static void set_up(void) {
  CHECK(pthread_mutex_lock(&registry_lock));
  CHECK(pthread_mutex_unlock(&registry_lock));
  raise_flag(&registry_was_used);
  await_sleeper_for(&registrar, &setup_once, kPatience);
}

static void* initialise(void* argument) {
  meet(&gate, 2);
  CHECK(pthread_once(&setup_once, set_up));
  return argument;
}

static void* enter(void* argument) {
  __atomic_store_n(&registrar, gettid(), __ATOMIC_RELEASE);
  meet(&gate, 2);
  await_flag_for(&registry_was_used, kPatience);
  CHECK(pthread_mutex_lock(&registry_lock));
  CHECK(pthread_once(&setup_once, set_up));
  CHECK(pthread_mutex_unlock(&registry_lock));
  return argument;
}

int main(void) {
  pthread_t a = start(initialise, NULL);
  pthread_t b = start(enter, NULL);
  join(a);
  join(b);
  return 0;
}
