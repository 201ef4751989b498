// EXPECT: rule=deadlock grade=proven threads=5 kinds=mutex*5
// Five philosophers round a table each take their left fork, then wait for the right one, for ever.
// Compare dining_philosophers_clean.cpp, where the last one is left-handed.
#include <pthread.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

static constexpr int kSeats = 5;
static const char* const kNames[kSeats] = {"Socrates", "Plato", "Aristotle", "Hypatia", "Diotima"};

static std::mutex forks[kSeats];

// Makes the unlucky moment certain: nobody reaches for a second fork until everybody holds one.
static std::atomic<int> forks_in_hand = 0;

static void dine(int seat) {
  pthread_setname_np(pthread_self(), kNames[seat]);
  std::lock_guard<std::mutex> left(forks[seat]);
  ++forks_in_hand;
  while (forks_in_hand < kSeats) std::this_thread::yield();
  std::lock_guard<std::mutex> right(forks[(seat + 1) % kSeats]);
  std::printf("%s eats\n", kNames[seat]);
}

int main() {
  std::vector<std::thread> philosophers;
  for (int seat = 0; seat < kSeats; ++seat) philosophers.emplace_back(dine, seat);
  for (auto& philosopher : philosophers) philosopher.join();
}
