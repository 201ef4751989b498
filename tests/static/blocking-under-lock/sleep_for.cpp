// A thread sleeps with the lock held.
// FLAGS: -std=c++11
#include <chrono>
#include <mutex>
#include <thread>

static std::mutex mutex;
static int attempts;

void retry() {
  std::lock_guard<std::mutex> hold(mutex);
  ++attempts;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // EXPECT: blocking-under-lock
}
