// Each side of a condition makes a guard that dies with the statement.
// FLAGS: -std=c++2b
#include <mutex>

static std::mutex mutex;

void update(int& value, bool threads) {
  if (threads) std::lock_guard{mutex};  // EXPECT: unnamed-guard
  ++value;
}
