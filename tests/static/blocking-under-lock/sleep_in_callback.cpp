// The callback sleeps, and is called under the lock.
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

class Timer {
 public:
  void set(std::function<void()> callback) {
    std::lock_guard<std::mutex> hold(mutex_);
    callback_ = std::move(callback);
  }
  void fire() {
    std::lock_guard<std::mutex> hold(mutex_);
    if (callback_) callback_();  // EXPECT: blocking-under-lock
  }

 private:
  std::mutex mutex_;
  std::function<void()> callback_;
};

static Timer timer;

void start() {
  timer.set([] { std::this_thread::sleep_for(std::chrono::seconds(1)); });
}

void tick() {
  timer.fire();
}
