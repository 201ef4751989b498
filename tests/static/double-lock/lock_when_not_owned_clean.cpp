// The unique_lock is asked whether it is locked.
// FLAGS: -std=c++11
#include <mutex>

static std::mutex mutex;
static int value;

void set(int next, bool release) {
  std::unique_lock<std::mutex> lock(mutex);
  value = next;
  if (release) lock.unlock();
  if (!lock.owns_lock()) lock.lock();
  value += 1;
}
