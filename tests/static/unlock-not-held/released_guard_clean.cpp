// release() takes the lock out of the guard's hands before it is unlocked by hand.
#include <mutex>

static std::mutex mutex;
static int value;

void set(int next) {
  std::unique_lock<std::mutex> lock(mutex);
  value = next;
  lock.release();
  mutex.unlock();
}
