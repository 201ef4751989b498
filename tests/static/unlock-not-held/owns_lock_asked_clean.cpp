// The guard is asked whether it holds, in three ways.
// FLAGS: -std=c++14
#include <mutex>

static std::mutex mutex;

bool poll(int* counter) {
  std::unique_lock<std::mutex> lock(mutex, std::try_to_lock);
  if (!lock) return false;
  ++*counter;
  lock.unlock();
  return true;
}

void finish(int* counter, bool last) {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
  if (last) lock.lock();
  ++*counter;
  if (lock.owns_lock()) lock.unlock();
}

void flush(int* counter) {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
  if (lock.try_lock()) {
    ++*counter;
    lock.unlock();
  }
}
