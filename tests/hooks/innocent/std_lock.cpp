// std::scoped_lock names the locks in one order, std::lock in the other: both back off.
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex left, right;
static int count;

static void left_then_right() {
  for (int i = 0; i < 500; ++i) {
    std::scoped_lock both(left, right);
    ++count;
  }
}

static void right_then_left() {
  for (int i = 0; i < 500; ++i) {
    std::unique_lock<std::mutex> first(right, std::defer_lock), second(left, std::defer_lock);
    std::lock(first, second);
    ++count;
  }
}

int main() {
  std::thread a(left_then_right);
  std::thread b(right_then_left);
  a.join();
  b.join();
  printf("%d\n", count);
}
