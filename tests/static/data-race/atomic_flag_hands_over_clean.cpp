// An atomic flag is set behind the write and awaited before the read.
// FLAGS: -std=c++20
#include <atomic>
#include <thread>

static std::atomic<bool> ready{false};
static int answer;

int main() {
  std::jthread consumer([] {
    while (!ready.load(std::memory_order_acquire)) std::this_thread::yield();
    if (answer != 42) std::this_thread::yield();
  });
  answer = 42;
  ready.store(true, std::memory_order_release);
}
