// A guard that only tried is unlocked without asking what came of it.
#include <mutex>

static std::mutex mutex;

void poll(int* counter) {
  std::unique_lock<std::mutex> lock(mutex, std::try_to_lock);
  ++*counter;
  lock.unlock();  // EXPECT: unlock-not-held
}
