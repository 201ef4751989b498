// wait_for and wait_until with a predicate.
#include <chrono>
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable done;
static bool finished;

bool await() {
  std::unique_lock<std::mutex> lock(mutex);
  return done.wait_for(lock, std::chrono::seconds(1), [] { return finished; });
}

bool await_until(std::chrono::steady_clock::time_point time) {
  std::unique_lock<std::mutex> lock(mutex);
  return done.wait_until(lock, time, [] { return finished; });
}

void finish() {
  std::lock_guard<std::mutex> lock(mutex);
  finished = true;
  done.notify_all();
}
