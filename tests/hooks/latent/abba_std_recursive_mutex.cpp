// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Two std::recursive_mutex in opposite order, the outer one held twice.
#include <mutex>

#include "in_turns.h"

static std::recursive_mutex left;
static std::recursive_mutex right;

static void left_then_right() {
  std::lock_guard<std::recursive_mutex> outer(left), again(left);
  std::lock_guard<std::recursive_mutex> inner(right);
}

static void right_then_left() {
  std::lock_guard<std::recursive_mutex> outer(right), again(right);
  std::lock_guard<std::recursive_mutex> inner(left);
}

int main() {
  two_turns(left_then_right, right_then_left);
}
