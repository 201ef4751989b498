// The lambda has a copy.
// FLAGS: -std=c++20
#include <thread>

int main() {
  int total = 0;
  std::jthread worker([total]() mutable { total += 1; });
  total += 2;
  return total - 2;
}
