// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two threads take two std::mutex through lock_guard in opposite order.
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex left, right;
static int both_hold_one;

static void take_both(const char* name, std::mutex& first, std::mutex& second) {
  name_thread(name);
  std::lock_guard<std::mutex> outer(first);
  meet(&both_hold_one, 2);
  std::lock_guard<std::mutex> inner(second);
}

int main() {
  std::thread a(take_both, "left first", std::ref(left), std::ref(right));
  std::thread b(take_both, "right first", std::ref(right), std::ref(left));
  a.join();
  b.join();
}
