// Guards that have names.
// FLAGS: -std=c++11
#include <mutex>

static std::mutex mutex;

void update(int& value) {
  std::lock_guard<std::mutex> hold(mutex);
  ++value;
}

void update_again(int& value) {
  std::unique_lock<std::mutex> lock{mutex};
  ++value;
}
