// A wait for a signal alone: it may have come before, and the wait may end without one.
// FLAGS: -std=c++11
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable ready;

void wait_ready() {
  std::unique_lock<std::mutex> lock(mutex);
  ready.wait(lock);  // EXPECT: wait-without-loop
}

void set_ready() {
  ready.notify_all();
}
