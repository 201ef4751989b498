// A local is captured by reference, and both threads write it.
// FLAGS: -std=c++20
#include <thread>

int main() {
  int total = 0;
  std::jthread worker([&total] {
    total += 1;  // EXPECT: data-race "total"
  });
  total += 2;  // EXPECT: data-race "total"
}
