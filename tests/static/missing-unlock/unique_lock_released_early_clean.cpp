// The unique_lock is unlocked on one path and not on the other; its destructor knows.
#include <mutex>

static std::mutex mutex;
static int state;

int advance(bool notify) {
  std::unique_lock<std::mutex> lock(mutex);
  int result = ++state;
  if (notify) {
    lock.unlock();
    return result + 1;
  }
  return result;
}
