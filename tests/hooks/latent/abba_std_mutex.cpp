// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Two std::mutex through lock_guard in opposite order.
#include <mutex>

#include "in_turns.h"

static std::mutex left;
static std::mutex right;

static void left_then_right() {
  std::lock_guard<std::mutex> outer(left);
  std::lock_guard<std::mutex> inner(right);
}

static void right_then_left() {
  std::lock_guard<std::mutex> outer(right);
  std::lock_guard<std::mutex> inner(left);
}

int main() {
  two_turns(left_then_right, right_then_left);
}
