// Function-local statics that need each other in one direction and take a lock. They are asked for under that
// lock, too, but by threads that have had them before.
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support.h"

static std::mutex registry_lock;

static std::map<std::string, int> load() {
  std::lock_guard<std::mutex> held(registry_lock);
  return {{"one", 1}, {"two", 2}};
}

static const std::map<std::string, int>& settings() {
  static const std::map<std::string, int> loaded = load();
  return loaded;
}

static const int& total() {
  static const int sum = settings().at("one") + settings().at("two");
  return sum;
}

int main() {
  int sum = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&sum] {
      const int own = total();
      std::lock_guard<std::mutex> held(registry_lock);
      sum += own + settings().at("one");
    });
  }
  for (auto& thread : threads) thread.join();
  printf("%d\n", sum);
}
