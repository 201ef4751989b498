// A template waits on what it is given; each use gives a pair.
// FLAGS: -std=c++20
#include <condition_variable>
#include <mutex>

template <typename Predicate>
void wait_until(std::condition_variable& condition, std::mutex& mutex, Predicate predicate) {
  std::unique_lock lock(mutex);
  condition.wait(lock, predicate);
}

static std::mutex read_mutex, write_mutex;
static std::condition_variable readable, writable;
static bool can_read, can_write;

void await_read() {
  wait_until(readable, read_mutex, [] { return can_read; });
}

void await_write() {
  wait_until(writable, write_mutex, [] { return can_write; });
}
