// Workers are made in a vector and joined one after the other; what they count is read when all have ended.
// FLAGS: -std=c++17
#include <functional>
#include <thread>
#include <vector>

static long served;
static long rounds;

static void serve() {
  served += 1;  // EXPECT: data-race possible "served"
}

static void wait_for(long& seen) {
  seen = rounds;  // EXPECT-MAY: data-race
}

int main() {
  long seen = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) workers.emplace_back(serve);
  for (std::thread& worker : workers) worker.join();
  std::vector<std::thread> waiters;
  waiters.emplace_back(wait_for, std::ref(seen));
  rounds = served;  // EXPECT: data-race possible "rounds"
  for (auto& waiter : waiters) {
    if (waiter.joinable()) waiter.join();
  }
}
