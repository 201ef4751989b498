// A unique_lock moves into a function that takes the second lock while it holds it.
#include <mutex>
#include <utility>

std::mutex queue_mutex, worker_mutex;

static void dispatch(std::unique_lock<std::mutex> held) {
  std::lock_guard<std::mutex> inner(worker_mutex);  // EXPECT: lock-order-inversion
  held.unlock();
}

void submit() {
  std::unique_lock<std::mutex> lock(queue_mutex);
  dispatch(std::move(lock));
}

void retire() {
  std::lock_guard<std::mutex> hold(worker_mutex);
  std::lock_guard<std::mutex> inner(queue_mutex);  // EXPECT: lock-order-inversion
}
