// A unique_lock is unlocked twice: the second call throws.
// FLAGS: -std=c++11
#include <mutex>

static std::mutex mutex;
static int value;

int take(bool notify) {
  std::unique_lock<std::mutex> lock(mutex);
  int result = value++;
  if (notify) lock.unlock();
  lock.unlock();  // EXPECT: unlock-not-held
  return result;
}
