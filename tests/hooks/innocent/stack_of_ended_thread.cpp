// A detached thread ends, and the next one gets its stack: a lock in the frame of the one has the address of
// a lock in the frame of the other, with the opposite order.
#include <dirent.h>

#include <mutex>

#include "support.h"

static std::mutex registry;
static unsigned long addresses[2];
static pid_t first_tid;

static __attribute__((noinline)) void take_both(std::mutex& first, std::mutex& second) {
  std::lock_guard<std::mutex> outer(first);
  std::lock_guard<std::mutex> inner(second);
}

// One body for both threads, so that the lock has the same place in each one's stack.
static void* use_own_lock(void* argument) {
  const auto turn = reinterpret_cast<unsigned long>(argument);
  std::mutex own;
  addresses[turn] = reinterpret_cast<unsigned long>(&own);
  take_both(turn == 0 ? own : registry, turn == 0 ? registry : own);
  if (turn == 0) __atomic_store_n(&first_tid, gettid(), __ATOMIC_RELEASE);
  return nullptr;
}

static bool exists(pid_t tid) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/self/task/%d", static_cast<int>(tid));
  return access(path, F_OK) == 0;
}

int main() {
  CHECK(pthread_detach(start(use_own_lock, reinterpret_cast<void*>(0))));
  pid_t tid;
  while ((tid = __atomic_load_n(&first_tid, __ATOMIC_ACQUIRE)) == 0 || exists(tid)) sched_yield();
  join(start(use_own_lock, reinterpret_cast<void*>(1)));
  CHECK_THAT(addresses[0] == addresses[1]);
}
