// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two std::recursive_mutex, the outer one held twice.
#include <mutex>
#include <thread>

#include "support.h"

static std::recursive_mutex left, right;
static int both_hold_one;

static void take_both(const char* name, std::recursive_mutex& first, std::recursive_mutex& second) {
  name_thread(name);
  std::lock_guard<std::recursive_mutex> outer(first);
  std::lock_guard<std::recursive_mutex> again(first);
  meet(&both_hold_one, 2);
  std::lock_guard<std::recursive_mutex> inner(second);
}

int main() {
  std::thread a(take_both, "left first", std::ref(left), std::ref(right));
  std::thread b(take_both, "right first", std::ref(right), std::ref(left));
  a.join();
  b.join();
}
