// EXPECT: rule=global-stall grade=proven has=futex
// INSPECT: rule=global-stall grade=inferred has=futex
// A std::latch for three that only two count down; the main thread waits for it as well.
#include <latch>
#include <thread>

#include "support.h"

static std::latch all_loaded(3);

int main() {
  std::thread a([] { all_loaded.arrive_and_wait(); });
  std::thread b([] { all_loaded.arrive_and_wait(); });
  all_loaded.wait();
  a.join();
  b.join();
}
