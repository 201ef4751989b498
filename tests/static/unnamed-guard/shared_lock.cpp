// A reader's guard without a name.
#include <mutex>
#include <shared_mutex>

static std::shared_mutex mutex;

int read(const int& value) {
  std::shared_lock<std::shared_mutex>{mutex};  // EXPECT: unnamed-guard
  return value;
}
