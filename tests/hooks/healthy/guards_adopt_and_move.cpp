// Every way to own a lock by a guard: adopted, deferred, moved, released and adopted again, all in one
// thread.
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "support.h"

static std::mutex a, b;
static std::recursive_mutex r;
static std::shared_mutex s;

static std::unique_lock<std::mutex> take() {
  std::unique_lock<std::mutex> guard(a);
  return guard;
}

int main() {
  {
    std::lock(a, b);
    const std::lock_guard<std::mutex> first(a, std::adopt_lock);
    const std::lock_guard<std::mutex> second(b, std::adopt_lock);
  }
  {
    std::unique_lock<std::mutex> guard = take();
    std::unique_lock<std::mutex> other(std::move(guard));
    std::mutex* raw = other.release();
    const std::lock_guard<std::mutex> again(*raw, std::adopt_lock);
  }
  {
    std::unique_lock<std::mutex> first(a, std::defer_lock), second(b, std::defer_lock);
    std::lock(second, first);
    first.unlock();
    first.lock();
  }
  {
    const std::scoped_lock all(a, b, r);
    const std::lock_guard<std::recursive_mutex> deeper(r);
  }
  {
    std::shared_lock<std::shared_mutex> reader(s);
    std::shared_lock<std::shared_mutex> moved(std::move(reader));
    moved.unlock();
    const std::unique_lock<std::shared_mutex> writer(s);
  }
  puts("guarded");
}
