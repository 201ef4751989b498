// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two std::timed_mutex, taken with plain lock(): no wait ends by itself.
#include <mutex>
#include <thread>

#include "support.h"

static std::timed_mutex left, right;
static int both_hold_one;

static void take_both(const char* name, std::timed_mutex& first, std::timed_mutex& second) {
  name_thread(name);
  first.lock();
  meet(&both_hold_one, 2);
  second.lock();
}

int main() {
  std::thread a(take_both, "left first", std::ref(left), std::ref(right));
  std::thread b(take_both, "right first", std::ref(right), std::ref(left));
  a.join();
  b.join();
}
