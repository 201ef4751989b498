// The attempt against the order ends by itself.
#include <chrono>
#include <mutex>

std::timed_mutex session;
std::mutex pool;

bool evict() {
  std::lock_guard<std::mutex> outer(pool);
  std::unique_lock<std::timed_mutex> inner(session, std::chrono::milliseconds(5));
  return inner.owns_lock();
}

void open() {
  std::lock_guard<std::timed_mutex> outer(session);
  std::lock_guard<std::mutex> inner(pool);
}
