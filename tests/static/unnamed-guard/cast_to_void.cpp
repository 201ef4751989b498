// A cast to void silences the compiler and guards nothing.
// FLAGS: -std=c++20
#include <mutex>

static std::mutex mutex;

void update(int& value) {
  static_cast<void>(std::lock_guard<std::mutex>(mutex));  // EXPECT: unnamed-guard
  ++value;
}

void update_again(int& value) {
  (void)std::unique_lock<std::mutex>{mutex};  // EXPECT: unnamed-guard
  ++value;
}
