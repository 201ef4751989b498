// The lock is the same, in a guard that was moved.
// FLAGS: -std=c++14
#include <condition_variable>
#include <mutex>
#include <utility>

static std::mutex mutex;
static std::condition_variable changed;
static bool ready;

void await() {
  std::unique_lock<std::mutex> first(mutex);
  std::unique_lock<std::mutex> second(std::move(first));
  while (!ready) changed.wait(second);
}

void await_again() {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
  lock.lock();
  changed.wait(lock, [] { return ready; });
}
