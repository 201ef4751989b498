// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Two std::timed_mutex, taken with plain lock(): no wait would end by itself.
#include <mutex>

#include "in_turns.h"

static std::timed_mutex left;
static std::timed_mutex right;

static void left_then_right() {
  std::unique_lock<std::timed_mutex> outer(left);
  std::unique_lock<std::timed_mutex> inner(right);
}

static void right_then_left() {
  std::unique_lock<std::timed_mutex> outer(right);
  std::unique_lock<std::timed_mutex> inner(left);
}

int main() {
  two_turns(left_then_right, right_then_left);
}
