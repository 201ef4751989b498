// In the body of a thread.
// FLAGS: -std=c++20
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable go;
  bool started = false;
  std::jthread runner([&] {
    std::unique_lock lock(mutex);
    if (!started) go.wait(lock);  // EXPECT: wait-without-loop
    started = false;
  });
  std::lock_guard lock(mutex);
  started = true;
  go.notify_one();
}
