// The one who goes against the order only tries, and lets go when it fails.
#include <mutex>

std::mutex queue_mutex, worker_mutex;

bool steal() {
  std::unique_lock<std::mutex> outer(worker_mutex);
  std::unique_lock<std::mutex> inner(queue_mutex, std::try_to_lock);
  return inner.owns_lock();
}

void push() {
  std::lock_guard<std::mutex> outer(queue_mutex);
  std::lock_guard<std::mutex> inner(worker_mutex);
}
