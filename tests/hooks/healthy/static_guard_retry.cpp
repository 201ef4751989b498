// A function-local static whose initialiser throws twice: other threads wait for it, then try themselves.
#include <stdexcept>
#include <thread>
#include <vector>

#include "support.h"

static int attempts = 0, caught = 0;

static int load() {
  if (++attempts < 3) throw std::runtime_error("not yet");
  return 42;
}

static int setting() {
  static int value = load();
  return value;
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([] {
      try {
        CHECK_THAT(setting() == 42);
      } catch (const std::runtime_error&) {
        __atomic_add_fetch(&caught, 1, __ATOMIC_RELAXED);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  printf("%d attempts, %d failed\n", attempts, caught);
}
