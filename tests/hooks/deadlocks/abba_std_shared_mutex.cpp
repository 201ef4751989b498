// EXPECT: rule=deadlock grade=proven threads=2 kinds=rwlock,rwlock names=left,right
// Two std::shared_mutex: each thread reads one and wants to write the other.
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "support.h"

static std::shared_mutex left, right;
static int both_hold_one;

static void take_both(const char* name, std::shared_mutex& first, std::shared_mutex& second) {
  name_thread(name);
  std::shared_lock<std::shared_mutex> outer(first);
  meet(&both_hold_one, 2);
  std::unique_lock<std::shared_mutex> inner(second);
}

int main() {
  std::thread a(take_both, "left first", std::ref(left), std::ref(right));
  std::thread b(take_both, "right first", std::ref(right), std::ref(left));
  a.join();
  b.join();
}
