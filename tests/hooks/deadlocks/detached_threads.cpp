// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Detached threads deadlock after the main thread has ended with pthread_exit.
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex left, right;
static int both_hold_one;

static void take_both(std::mutex& first, std::mutex& second) {
  std::scoped_lock outer(first);
  meet(&both_hold_one, 2);
  std::scoped_lock inner(second);
}

int main() {
  std::thread([] { take_both(left, right); }).detach();
  std::thread([] { take_both(right, left); }).detach();
  pthread_exit(nullptr);
}
