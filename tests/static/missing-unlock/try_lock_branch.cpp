// Behind a try_lock that succeeded, one way out forgets the lock.
// FLAGS: -std=c++11
#include <mutex>

static std::mutex mutex;
static int tasks;

bool steal() {
  if (mutex.try_lock()) {
    if (tasks == 0) return false;  // EXPECT: missing-unlock
    --tasks;
    mutex.unlock();
    return true;
  }
  return false;
}

void add() {
  std::lock_guard<std::mutex> hold(mutex);
  ++tasks;
}
