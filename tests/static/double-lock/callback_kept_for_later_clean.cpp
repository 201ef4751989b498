// The function that locks is only kept under the lock, and called without it.
#include <functional>
#include <mutex>
#include <utility>

static std::mutex mutex;
static std::function<void()> pending;
static int ran;

void schedule() {
  std::lock_guard<std::mutex> hold(mutex);
  pending = [] {
    std::lock_guard<std::mutex> inner(mutex);
    ++ran;
  };
}

void run() {
  std::function<void()> work;
  {
    std::lock_guard<std::mutex> hold(mutex);
    work = std::move(pending);
  }
  if (work) work();
}
