// EXPECT: rule=deadlock grade=proven threads=3 kinds=mutex*3
// Three jthreads, three std::mutex: each holds one and wants its neighbour's.
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex locks[3];
static int all_hold_one;

static void take(int own) {
  std::unique_lock<std::mutex> mine(locks[own]);
  meet(&all_hold_one, 3);
  std::unique_lock<std::mutex> neighbour(locks[(own + 1) % 3]);
}

int main() {
  std::jthread a(take, 0);
  std::jthread b(take, 1);
  std::jthread c(take, 2);
}
