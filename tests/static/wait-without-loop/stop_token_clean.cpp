// condition_variable_any with a stop token and a predicate.
// FLAGS: -std=c++20
#include <condition_variable>
#include <mutex>
#include <stop_token>

static std::mutex mutex;
static std::condition_variable_any queued;
static int jobs;

bool take(std::stop_token token) {
  std::unique_lock lock(mutex);
  if (!queued.wait(lock, token, [] { return jobs > 0; })) return false;
  --jobs;
  return true;
}

void put() {
  std::lock_guard lock(mutex);
  ++jobs;
  queued.notify_one();
}
