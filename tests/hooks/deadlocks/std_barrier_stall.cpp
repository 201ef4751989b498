// EXPECT: rule=global-stall grade=proven has=futex
// A std::barrier for three: one thread leaves after the first phase without dropping its place.
#include <barrier>
#include <thread>

#include "support.h"

static std::barrier phase(3);

static void run(int phases) {
  for (int i = 0; i < phases; ++i) phase.arrive_and_wait();
}

int main() {
  std::thread a(run, 2);
  std::thread b(run, 2);
  run(1);
  a.join();
  b.join();
}
