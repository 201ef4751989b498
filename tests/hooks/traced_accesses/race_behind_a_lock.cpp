// PREDICT: predicted, data-race, balance
// In this run the lock happened to put the two writes in order: happens-before sees no race.
#include <mutex>
#include <thread>

#include "in_order.h"

std::mutex mutex;
int balance, entries;

int main() {
  std::thread first([] {
    balance = 1;
    std::lock_guard guard(mutex);
    entries = 1;
    step(1);
  });
  std::thread second([] {
    await(1);
    { std::lock_guard guard(mutex); }
    balance = 2;
  });
  first.join();
  second.join();
}
