// std::mutex calls no destroy: its memory goes, is used for other things, and goes again.
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "support.h"

struct Node {
  std::mutex mutex;
  long value = 0;
};

static void use(int seed) {
  for (int i = 0; i < 2000; ++i) {
    auto node = std::make_unique<Node>();
    {
      const std::lock_guard<std::mutex> guard(node->mutex);
      node->value = seed + i;
    }
    node.reset();
    auto bytes = std::make_unique<unsigned char[]>(sizeof(Node));
    std::memset(bytes.get(), 1 + i % 255, sizeof(Node));  // a lock word like any other, to who believes it
  }
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(use, i);
  for (std::thread& thread : threads) thread.join();
  puts("freed");
}
