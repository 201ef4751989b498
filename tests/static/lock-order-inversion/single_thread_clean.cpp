// The orders conflict, but the whole program has one thread.
#include <mutex>

static std::mutex input, output;

static void read() {
  std::lock_guard<std::mutex> outer(input);
  std::lock_guard<std::mutex> inner(output);  // EXPECT: lock-order-inversion unlikely
}

static void write() {
  std::lock_guard<std::mutex> outer(output);
  std::lock_guard<std::mutex> inner(input);  // EXPECT: lock-order-inversion unlikely
}

int main() {
  read();
  write();
}
