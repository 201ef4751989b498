// An exception leaves a function that locks by hand.
// FLAGS: -std=c++14
#include <mutex>
#include <stdexcept>

static std::mutex mutex;
static int level;

void raise_level(int to) {
  mutex.lock();
  if (to < level) throw std::invalid_argument("lower");  // EXPECT: missing-unlock
  level = to;
  mutex.unlock();
}
