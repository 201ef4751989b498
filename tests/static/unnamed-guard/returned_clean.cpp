// The temporary is the function's value.
// FLAGS: -std=c++14
#include <mutex>

static std::mutex mutex;

std::unique_lock<std::mutex> enter() {
  return std::unique_lock<std::mutex>(mutex);
}

void update(int& value) {
  auto hold = enter();
  ++value;
}
