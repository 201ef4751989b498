// A local flag remembers whether the lock was taken.
#include <mutex>

static std::mutex mutex;
static int value;

int update(int kind) {
  bool locked = false;
  if (kind > 2) {
    mutex.lock();
    locked = true;
    ++value;
  }
  if (kind == 5 && locked) {
    mutex.unlock();
    return 1;
  }
  if (locked) mutex.unlock();
  return 0;
}
