// The result of a task is awaited under a lock.
// FLAGS: -std=c++14
#include <future>
#include <mutex>

static std::mutex mutex;
static int total;

void collect(std::future<int>& result) {
  std::lock_guard<std::mutex> hold(mutex);
  total += result.get();  // EXPECT: blocking-under-lock
}
