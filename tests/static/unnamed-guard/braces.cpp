// A lock_guard without a name, in braces.
// FLAGS: -std=c++11
#include <mutex>

static std::mutex mutex;

void update(int& value) {
  std::lock_guard<std::mutex>{mutex};  // EXPECT: unnamed-guard "mutex"
  ++value;
}
