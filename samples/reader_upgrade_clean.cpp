// The twin of reader_upgrade.cpp: the read side is released first, and the value is tested again under the
// write side. No finding.
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_mutex cache_lock;
static int cached_value = 0;

static int look_up() {
  {
    std::shared_lock<std::shared_mutex> reading(cache_lock);
    if (cached_value != 0) return cached_value;
  }
  std::unique_lock<std::shared_mutex> writing(cache_lock);
  if (cached_value == 0) cached_value = 42;
  return cached_value;
}

int main() {
  int values[2];
  std::thread first([&] { values[0] = look_up(); });
  std::thread second([&] { values[1] = look_up(); });
  first.join();
  second.join();
  std::printf("%d %d\n", values[0], values[1]);
}
