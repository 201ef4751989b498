// EXPECT: rule=global-stall grade=proven has=futex
// Two std::counting_semaphore taken in opposite order. They are bare futex words: the holders cannot be
// known, but that nobody is left to run can.
#include <semaphore>
#include <thread>

#include "support.h"

static std::counting_semaphore<4> left(1), right(1);
static int both_hold_one;

static void take_both(std::counting_semaphore<4>& first, std::counting_semaphore<4>& second) {
  first.acquire();
  meet(&both_hold_one, 2);
  second.acquire();
  second.release();
  first.release();
}

int main() {
  std::thread a([] { take_both(left, right); });
  std::thread b([] { take_both(right, left); });
  a.join();
  b.join();
}
