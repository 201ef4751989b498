// std::atomic::wait tests by itself, and is no condition.
// FLAGS: -std=c++20
#include <atomic>

static std::atomic<int> state{0};

int await() {
  state.wait(0);
  return state.load();
}

void set() {
  state.store(1);
  state.notify_all();
}
