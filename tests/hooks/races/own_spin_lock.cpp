// RACE: value, work
// A lock made of an atomic flag.
#include <atomic>
#include <thread>

#include "turns.h"

long value;
std::atomic<int> locked;

static void work() {
  for (int i = 0; i < 1000; ++i) {
    int free = 0;
    while (!locked.compare_exchange_weak(
        free, 1, RACY ? std::memory_order_relaxed : std::memory_order_acquire, std::memory_order_relaxed))
      free = 0;
    ++value;
    locked.store(0, RACY ? std::memory_order_relaxed : std::memory_order_release);
  }
  arrive();
  await(2);
}

int main() {
  std::thread one(work), other(work);
  one.join();
  other.join();
  step(9);
  // Where it is no lock, the compiler may keep the value to itself.
  return RACY || value == 2000 ? 0 : 1;
}
