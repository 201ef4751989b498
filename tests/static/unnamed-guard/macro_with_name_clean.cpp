// A macro that makes a name.
#include <mutex>

#define JOIN_NAMES(a, b) a##b
#define NAME_WITH(a, b) JOIN_NAMES(a, b)
#define LOCK(mutex) std::lock_guard<std::mutex> NAME_WITH(hold_, __LINE__)(mutex)

static std::mutex mutex;

void update(int& value) {
  LOCK(mutex);
  ++value;
}
