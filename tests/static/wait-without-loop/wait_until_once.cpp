// wait_until, with its result thrown away.
// FLAGS: -std=c++14
#include <chrono>
#include <condition_variable>
#include <mutex>

class Pacer {
 public:
  void pause(std::chrono::steady_clock::time_point until) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (running_) wake_.wait_until(lock, until);  // EXPECT: wait-without-loop
    running_ = true;
  }
  void stop() {
    std::lock_guard<std::mutex> lock(mutex_);
    running_ = false;
    wake_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool running_ = true;
};

void run(Pacer& pacer) {
  pacer.pause(std::chrono::steady_clock::time_point());
  pacer.stop();
}
