// This declares a shared_lock that is called names, and hides the mutex of that name.
// FLAGS: -std=c++20
#include <mutex>
#include <shared_mutex>

static std::shared_mutex names;

int count(const int& value) {
  std::shared_lock<std::shared_mutex>(names);  // EXPECT: unnamed-guard
  return value;
}
