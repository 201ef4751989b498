// The function that sleeps is only kept under the lock.
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::function<void()> pending;

void schedule() {
  std::lock_guard<std::mutex> hold(mutex);
  pending = [] { std::this_thread::sleep_for(std::chrono::seconds(1)); };
}

void run() {
  std::function<void()> work;
  {
    std::lock_guard<std::mutex> hold(mutex);
    work.swap(pending);
  }
  if (work) work();
}
