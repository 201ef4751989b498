// The loop goes on until the time is over or the state is right.
// FLAGS: -std=c++14
#include <chrono>
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable done;
static bool finished;

bool await(std::chrono::steady_clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex);
  while (!finished) {
    if (done.wait_until(lock, until) == std::cv_status::timeout) return finished;
  }
  return true;
}

void finish() {
  std::lock_guard<std::mutex> lock(mutex);
  finished = true;
  done.notify_all();
}
