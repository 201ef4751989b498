// A macro that forgets the name.
#include <mutex>

#define LOCK(mutex)             \
  std::lock_guard<std::mutex> { \
    mutex                       \
  }

static std::mutex mutex;

void update(int& value) {
  LOCK(mutex);  // EXPECT: unnamed-guard
  ++value;
}
