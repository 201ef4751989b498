// auto and a temporary make a variable.
#include <mutex>
#include <shared_mutex>

static std::mutex mutex;
static std::shared_mutex shared;

void update(int& value) {
  auto hold = std::lock_guard<std::mutex>{mutex};
  auto reading = std::shared_lock(shared);
  ++value;
}
