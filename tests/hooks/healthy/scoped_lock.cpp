// std::lock and std::scoped_lock take locks in any order without a deadlock.
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex left, right;
static int count = 0;

int main() {
  std::thread a([] {
    for (int i = 0; i < 5000; ++i) {
      std::scoped_lock both(left, right);
      ++count;
    }
  });
  std::thread b([] {
    for (int i = 0; i < 5000; ++i) {
      std::lock(right, left);
      std::lock_guard<std::mutex> first(right, std::adopt_lock);
      std::lock_guard<std::mutex> second(left, std::adopt_lock);
      ++count;
    }
  });
  a.join();
  b.join();
  printf("%d\n", count);
}
