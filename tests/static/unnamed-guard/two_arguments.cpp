// Two arguments make it a temporary.
#include <mutex>

static std::mutex left, right;

void swap_values(int& one, int& two) {
  std::scoped_lock(left, right);  // EXPECT: unnamed-guard
  int value = one;
  one = two;
  two = value;
}
