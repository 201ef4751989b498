// The temporary is asked whether it got the lock.
#include <mutex>

static std::mutex mutex;

bool is_free() {
  return std::unique_lock<std::mutex>(mutex, std::try_to_lock).owns_lock();
}
