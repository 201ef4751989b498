// A latch is waited for under a lock.
// FLAGS: -std=c++20
#include <latch>
#include <mutex>

static std::mutex mutex;
static int started;

void start(std::latch& ready) {
  std::lock_guard hold(mutex);
  ++started;
  ready.wait();  // EXPECT: blocking-under-lock
}
