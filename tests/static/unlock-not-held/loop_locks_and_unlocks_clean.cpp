// Each round locks and unlocks; the last unlock stands behind the loop.
#include <mutex>

static std::mutex mutex;
static int queued;

int drain() {
  int taken = 0;
  mutex.lock();
  while (queued > 0) {
    --queued;
    mutex.unlock();
    ++taken;
    mutex.lock();
  }
  mutex.unlock();
  return taken;
}
