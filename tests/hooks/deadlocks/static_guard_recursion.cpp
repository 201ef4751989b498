// EXPECT: rule=self-deadlock grade=proven threads=1 kinds=static guard
// The initialiser of a function-local static reads that static: libstdc++ waits for itself.
#include <thread>

#include "support.h"

static int& depth(int levels) {
  static int value = levels == 0 ? 0 : depth(levels - 1) + 1;
  return value;
}

int main() {
  std::thread initialiser([] { depth(1); });
  initialiser.join();
}
