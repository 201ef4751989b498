// The temporary is an argument, and lives as long as the call.
#include <mutex>

static std::mutex mutex;

static void change(int& value, const std::lock_guard<std::mutex>&) {
  ++value;
}
static void finish(int& value, std::unique_lock<std::mutex> lock) {
  ++value;
  lock.unlock();
}

void update(int& value) {
  change(value, std::lock_guard<std::mutex>(mutex));
  finish(value, std::unique_lock<std::mutex>(mutex));
}
