// A wait gives back the only lock that is held.
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable filled;
static int size;

void take() {
  std::unique_lock<std::mutex> lock(mutex);
  filled.wait(lock, [] { return size > 0; });
  --size;
}

void put() {
  std::lock_guard<std::mutex> lock(mutex);
  ++size;
  filled.notify_one();
}
