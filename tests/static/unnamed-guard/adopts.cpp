// It adopts the lock that was taken by hand, and gives it back at once.
#include <mutex>

static std::mutex mutex;

void update(int& value) {
  mutex.lock();
  std::lock_guard<std::mutex>(mutex, std::adopt_lock);  // EXPECT: unnamed-guard
  ++value;
}
