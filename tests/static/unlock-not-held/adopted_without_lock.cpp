// The guard adopts a lock that nobody took.
#include <mutex>

static std::mutex left, right;

void swap_values(int* one, int* two) {
  left.lock();
  std::lock_guard<std::mutex> first(left, std::adopt_lock);
  std::lock_guard<std::mutex> second(right, std::adopt_lock);  // EXPECT-MAY: unlock-not-held
  int value = *one;
  *one = *two;
  *two = value;
}  // EXPECT: unlock-not-held "right"
