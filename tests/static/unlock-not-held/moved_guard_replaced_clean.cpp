// The guard is moved out and given a new lock.
// FLAGS: -std=c++2b
#include <mutex>
#include <utility>

static std::mutex first, second;

static void finish(std::unique_lock<std::mutex> lock) {
  lock.unlock();
}

void run() {
  std::unique_lock lock(first);
  finish(std::move(lock));
  lock = std::unique_lock(second);
  lock.unlock();
}
