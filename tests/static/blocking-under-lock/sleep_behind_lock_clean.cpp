// The lock is gone before the sleep.
// FLAGS: -std=c++11
#include <chrono>
#include <mutex>
#include <thread>

static std::mutex mutex;
static int attempts;

void retry() {
  {
    std::lock_guard<std::mutex> hold(mutex);
    ++attempts;
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

void retry_again() {
  std::unique_lock<std::mutex> hold(mutex);
  ++attempts;
  hold.unlock();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  hold.lock();
  ++attempts;
}
