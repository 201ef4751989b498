// A thread is joined under the lock that it needs to end.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int jobs;

static void work() {
  std::lock_guard<std::mutex> hold(mutex);  // EXPECT-MAY: lock-order-inversion
  --jobs;
}

void run() {
  std::thread worker(work);
  std::lock_guard<std::mutex> hold(mutex);
  ++jobs;
  worker.join();  // EXPECT: blocking-under-lock // EXPECT-MAY: lock-order-inversion
}
