// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=cache_lock,index_lock
// CONFIRM: reachable=yes
// The two acquisitions of a thread lie in different functions, twenty frames apart in one of them.
#include "in_turns.h"

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t index_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static __attribute__((noinline)) void update_index(void) {
  CHECK(pthread_mutex_lock(&index_lock));
  ++entries;
  CHECK(pthread_mutex_unlock(&index_lock));
}

static __attribute__((noinline)) void add_level(int levels) {
  if (levels == 0)
    update_index();
  else
    add_level(levels - 1);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);  // no tail call: every level keeps its frame
}

static void insert(void) {
  CHECK(pthread_mutex_lock(&cache_lock));
  add_level(20);
  CHECK(pthread_mutex_unlock(&cache_lock));
}

static __attribute__((noinline)) void drop_entry(void) {
  CHECK(pthread_mutex_lock(&cache_lock));
  --entries;
  CHECK(pthread_mutex_unlock(&cache_lock));
}

static void rebuild(void) {
  CHECK(pthread_mutex_lock(&index_lock));
  drop_entry();
  CHECK(pthread_mutex_unlock(&index_lock));
}

int main(void) {
  two_turns(insert, rebuild);
  return 0;
}
