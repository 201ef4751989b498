// The twin of dining_philosophers.cpp: every philosopher takes the fork with the lower number first, so that
// the orders cannot close a ring. No finding.
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

static constexpr int kSeats = 5;
static const char* const kNames[kSeats] = {"Socrates", "Plato", "Aristotle", "Hypatia", "Diotima"};

static std::mutex forks[kSeats];
static std::atomic<int> meals = 0;

static void dine(int seat) {
  pthread_setname_np(pthread_self(), kNames[seat]);
  int other = (seat + 1) % kSeats;
  for (int i = 0; i < 200; ++i) {
    std::lock_guard<std::mutex> lower(forks[std::min(seat, other)]);
    std::lock_guard<std::mutex> higher(forks[std::max(seat, other)]);
    ++meals;
  }
}

int main() {
  std::vector<std::thread> philosophers;
  for (int seat = 0; seat < kSeats; ++seat) philosophers.emplace_back(dine, seat);
  for (auto& philosopher : philosophers) philosopher.join();
  std::printf("%d meals\n", meals.load());
}
