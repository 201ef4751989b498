// EXPECT: rule=lock-order-inversion grade=possible threads=4 kinds=mutex*4
// CONFIRM: reachable=yes
// Four philosophers, the forks are std::mutex on the heap.
#include <array>
#include <memory>
#include <mutex>

#include "in_turns.h"

struct Fork {
  std::mutex taken;
};
static std::array<std::unique_ptr<Fork>, 4> forks;

static void dine(int turn) {
  std::unique_lock<std::mutex> left(forks[turn]->taken);
  std::unique_lock<std::mutex> right(forks[(turn + 1) % forks.size()]->taken);
}

int main() {
  for (auto& fork : forks) fork = std::make_unique<Fork>();
  in_turns(4, dine);
}
