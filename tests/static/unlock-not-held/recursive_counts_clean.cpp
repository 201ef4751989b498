// A recursive mutex is unlocked as often as it was locked.
#include <mutex>

static std::recursive_mutex mutex;
static int depth;

void descend() {
  mutex.lock();
  mutex.lock();
  ++depth;
  mutex.unlock();
  --depth;
  mutex.unlock();
}
