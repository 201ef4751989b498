// A deferred guard is unlocked without having been locked.
#include <mutex>

static std::mutex mutex;

void finish(int* counter, bool last) {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
  if (last) lock.lock();
  ++*counter;
  lock.unlock();  // EXPECT: unlock-not-held
}
