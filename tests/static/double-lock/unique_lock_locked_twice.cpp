// A unique_lock that locks in its constructor is locked once more.
// FLAGS: -std=c++11
#include <mutex>

static std::mutex mutex;
static int value;

void set(int next) {
  std::unique_lock<std::mutex> lock(mutex);
  lock.lock();  // EXPECT: double-lock
  value = next;
}
