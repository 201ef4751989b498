// condition_variable_any with a shared lock.
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

static std::shared_mutex mutex;
static std::condition_variable_any loaded;
static bool is_loaded;

bool use() {
  std::shared_lock<std::shared_mutex> lock(mutex);
  if (!is_loaded) loaded.wait(lock);  // EXPECT: wait-without-loop
  return is_loaded;
}

void load() {
  std::unique_lock<std::shared_mutex> lock(mutex);
  is_loaded = true;
  loaded.notify_all();
}
