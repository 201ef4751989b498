// The thread that is started under the lock sleeps, not the one that holds it.
#include <chrono>
#include <mutex>
#include <thread>

static std::mutex mutex;
static int started;

void start() {
  std::lock_guard<std::mutex> hold(mutex);
  ++started;
  std::thread([] { std::this_thread::sleep_for(std::chrono::seconds(1)); }).detach();
}
