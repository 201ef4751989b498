// A jthread's destructor joins, and the lock outlives it.
// FLAGS: -std=c++20
#include <mutex>
#include <thread>

static std::mutex mutex;
static int runs;

static void work() {}

void run() {
  std::lock_guard hold(mutex);
  ++runs;
  { std::jthread worker(work); }  // EXPECT: blocking-under-lock
}
