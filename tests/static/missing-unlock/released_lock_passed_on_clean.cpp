// release() hands the locked mutex to the caller, who unlocks it.
#include <mutex>

static std::mutex mutex;
static int users;

static std::mutex* enter(int limit) {
  std::unique_lock<std::mutex> lock(mutex);
  if (users == limit) return nullptr;
  ++users;
  return lock.release();
}

void use() {
  std::mutex* held = enter(5);
  if (held == nullptr) return;
  --users;
  held->unlock();
}
