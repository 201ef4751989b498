// The first test of a double-checked initialisation is atomic.
#include <atomic>
#include <mutex>

struct Table {
  int values[16];
};

static std::mutex mutex;
static std::atomic<Table*> table{nullptr};

Table* get() {
  Table* found = table.load(std::memory_order_acquire);
  if (found == nullptr) {
    std::lock_guard<std::mutex> hold(mutex);
    found = table.load(std::memory_order_relaxed);
    if (found == nullptr) {
      found = new Table();
      found->values[0] = 1;
      table.store(found, std::memory_order_release);
    }
  }
  return found;
}
