// Named in the head of an `if`.
#include <mutex>

static std::mutex mutex;

void update(int& value) {
  if (std::lock_guard<std::mutex> hold(mutex); value < 10) ++value;
  if (std::unique_lock<std::mutex> lock{mutex, std::try_to_lock}) ++value;
}
