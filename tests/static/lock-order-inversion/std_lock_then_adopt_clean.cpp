// std::lock takes both without a fixed order; the guards adopt them.
// FLAGS: -std=c++11
#include <mutex>

std::mutex left, right;

void forth() {
  std::lock(left, right);
  std::lock_guard<std::mutex> one(left, std::adopt_lock);
  std::lock_guard<std::mutex> two(right, std::adopt_lock);
}

void back() {
  std::unique_lock<std::mutex> one(right, std::defer_lock);
  std::unique_lock<std::mutex> two(left, std::defer_lock);
  std::lock(one, two);
}
