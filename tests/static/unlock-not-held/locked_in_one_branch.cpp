// Only one branch locks, and both unlock.
#include <mutex>

static std::mutex mutex;
static int total;

void add(int amount) {
  if (amount > 0) {
    mutex.lock();
    total += amount;
  }
  mutex.unlock();  // EXPECT: unlock-not-held
}
