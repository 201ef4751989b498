// What takes the lock again is another thread.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int jobs;

static void work() {
  std::lock_guard<std::mutex> hold(mutex);
  --jobs;
}

void start() {
  std::thread worker;
  {
    std::lock_guard<std::mutex> hold(mutex);
    ++jobs;
    worker = std::thread(work);
  }
  worker.join();
}
