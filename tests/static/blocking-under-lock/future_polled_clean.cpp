// The future is asked whether it is ready, without waiting.
// FLAGS: -std=c++14
#include <chrono>
#include <future>
#include <mutex>

static std::mutex mutex;
static int ready;

void count(std::future<int>& result) {
  std::lock_guard<std::mutex> hold(mutex);
  if (result.wait_for(std::chrono::seconds(0)) == std::future_status::ready) ++ready;
}
