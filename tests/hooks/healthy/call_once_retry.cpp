// std::call_once whose first runs throw: the next caller tries again, and those who waited are served.
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support.h"

static std::once_flag flag;
static int attempts = 0, caught = 0;

static void use() {
  try {
    std::call_once(flag, [] {
      if (++attempts < 3) throw std::runtime_error("not yet");
    });
  } catch (const std::runtime_error&) {
    __atomic_add_fetch(&caught, 1, __ATOMIC_RELAXED);
  }
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back(use);
  for (auto& thread : threads) thread.join();
  printf("%d attempts, %d failed\n", attempts, caught);
}
