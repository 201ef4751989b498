// EXPECT: rule=deadlock grade=proven threads=40 kinds=mutex*40
// Forty threads in a ring, closed at one moment by a barrier.
#include <mutex>
#include <thread>
#include <vector>

#include "support.h"

static constexpr int kCount = 40;

int main() {
  std::vector<std::mutex> locks(kCount);
  std::vector<std::thread> threads;
  pthread_barrier_t all_hold_one;
  CHECK(pthread_barrier_init(&all_hold_one, nullptr, kCount));
  for (int own = 0; own < kCount; ++own) {
    threads.emplace_back([&, own] {
      std::lock_guard<std::mutex> mine(locks[own]);
      pthread_barrier_wait(&all_hold_one);
      std::lock_guard<std::mutex> neighbour(locks[(own + 1) % kCount]);
    });
  }
  for (auto& thread : threads) thread.join();
}
