// A function without a return: the branch that unlocks is not always taken.
#include <mutex>

static std::mutex mutex;
static int pending, handled;

void handle(bool last) {
  mutex.lock();
  ++pending;
  if (last) {
    handled += pending;
    mutex.unlock();
  }
}  // EXPECT: missing-unlock
