// The body of a lambda is a function of its own.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int jobs = 3;

int main() {
  std::thread worker([] {
    mutex.lock();
    if (jobs == 0) return;  // EXPECT: missing-unlock
    --jobs;
    mutex.unlock();
  });
  worker.join();
}
