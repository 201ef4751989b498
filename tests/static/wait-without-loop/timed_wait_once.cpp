// wait_for without a predicate and without a loop.
#include <chrono>
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable done;
static bool finished;

bool await() {
  std::unique_lock<std::mutex> lock(mutex);
  if (!finished) done.wait_for(lock, std::chrono::seconds(1));  // EXPECT: wait-without-loop
  return finished;
}

void finish() {
  std::lock_guard<std::mutex> lock(mutex);
  finished = true;
  done.notify_all();
}
