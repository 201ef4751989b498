// Atomic variables need no lock.
// FLAGS: -std=c++14
#include <atomic>
#include <thread>

static std::atomic<long> hits{0};
static std::atomic_flag busy = ATOMIC_FLAG_INIT;

static void serve() {
  ++hits;
  if (!busy.test_and_set()) busy.clear();
}

int main() {
  std::thread one(serve);
  std::thread two(serve);
  long seen = hits.load();
  one.join();
  two.join();
  return seen > 2;
}
