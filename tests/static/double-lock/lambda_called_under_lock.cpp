// A lambda locks and is called where the lock is held.
// FLAGS: -std=c++14
#include <mutex>

static std::mutex mutex;
static int hits, misses;

void look_up(bool found) {
  auto count = [](int& counter) {
    std::lock_guard<std::mutex> hold(mutex);
    ++counter;
  };
  std::lock_guard<std::mutex> hold(mutex);
  count(found ? hits : misses);  // EXPECT: double-lock
}
