// std::atomic::wait: a chain of threads, each woken by the one before; the first only after 400 ms.
#include <atomic>
#include <thread>
#include <vector>

#include "support.h"

static std::atomic<int> stage(0);

int main() {
  std::vector<std::thread> threads;
  for (int i = 1; i <= 6; ++i) {
    threads.emplace_back([i] {
      for (int seen = stage.load(); seen != i; seen = stage.load()) stage.wait(seen);
      stage.store(i + 1);
      stage.notify_all();
    });
  }
  pass_time(400);
  stage.store(1);
  stage.notify_all();
  for (auto& thread : threads) thread.join();
  printf("%d\n", stage.load());
}
