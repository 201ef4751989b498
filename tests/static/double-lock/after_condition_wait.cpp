// The wait comes back with the lock held.
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable filled;
static int items;

int take() {
  std::unique_lock<std::mutex> lock(mutex);
  while (items == 0) filled.wait(lock);
  mutex.lock();  // EXPECT: double-lock
  int taken = items--;
  mutex.unlock();
  return taken;
}

void put() {
  std::lock_guard<std::mutex> hold(mutex);
  ++items;
  filled.notify_one();
}
