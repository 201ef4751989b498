// PREDICT: nothing
// Without the accesses this is a possible deadlock: that the flag keeps the two apart shows in its reads
// alone.
#include <atomic>
#include <mutex>
#include <thread>

std::mutex one, two;
std::atomic<bool> is_over;

int main() {
  std::thread first([] {
    {
      std::lock_guard outer(one);
      std::lock_guard inner(two);
    }
    is_over.store(true, std::memory_order_release);
  });
  std::thread second([] {
    while (!is_over.load(std::memory_order_acquire)) std::this_thread::yield();
    std::lock_guard outer(two);
    std::lock_guard inner(one);
  });
  first.join();
  second.join();
}
