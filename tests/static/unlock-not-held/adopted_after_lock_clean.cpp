// std::lock takes both, the guards adopt both.
// FLAGS: -std=c++11
#include <mutex>

static std::mutex left, right;

void swap_values(int* one, int* two) {
  std::lock(left, right);
  std::lock_guard<std::mutex> first(left, std::adopt_lock);
  std::lock_guard<std::mutex> second(right, std::adopt_lock);
  int value = *one;
  *one = *two;
  *two = value;
}
