// One side runs in a task of std::async, the other in the caller.
// FLAGS: -std=c++14
#include <future>
#include <mutex>

std::mutex index_mutex, shard_mutex;

static int rebuild() {
  std::lock_guard<std::mutex> outer(index_mutex);
  std::lock_guard<std::mutex> inner(shard_mutex);  // EXPECT: lock-order-inversion
  return 1;
}

static int query() {
  std::lock_guard<std::mutex> outer(shard_mutex);
  std::lock_guard<std::mutex> inner(index_mutex);  // EXPECT: lock-order-inversion
  return 2;
}

int main() {
  std::future<int> rebuilt = std::async(std::launch::async, rebuild);
  int found = query();
  return found + rebuilt.get();
}
