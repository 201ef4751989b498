// The mutex is unlocked by hand under a guard that unlocks it again.
#include <mutex>

static std::mutex mutex;
static int value;

void set(int next) {
  std::lock_guard<std::mutex> hold(mutex);
  value = next;
  mutex.unlock();
}  // EXPECT: unlock-not-held
