// The guard adopts a lock that the thread never took.
#include <mutex>
#include <thread>

static std::mutex left, right;
static int one = 1, two = 2;

static void swap_values() {
  left.lock();
  std::lock_guard<std::mutex> first(left, std::adopt_lock);
  std::lock_guard<std::mutex> second(right, std::adopt_lock);  // EXPECT: unlock-not-held "right"
  int value = one;
  one = two;
  two = value;
}

int main() {
  std::thread thread(swap_values);
  thread.join();
  return one - two;
}
