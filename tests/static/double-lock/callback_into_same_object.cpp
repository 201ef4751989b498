// The listener that is called under the lock calls the same object.
#include <functional>
#include <mutex>

class Timer {
 public:
  void on_tick(std::function<void()> callback) {
    std::lock_guard<std::mutex> hold(mutex_);
    callback_ = std::move(callback);
  }
  void stop() {
    std::lock_guard<std::mutex> hold(mutex_);  // EXPECT: double-lock
    running_ = false;
  }
  void tick() {
    std::lock_guard<std::mutex> hold(mutex_);
    if (running_ && callback_) callback_();
  }

 private:
  std::mutex mutex_;
  std::function<void()> callback_;
  bool running_ = true;
};

static Timer timer;

void start() {
  timer.on_tick([] { timer.stop(); });
}

void interrupt() {
  timer.tick();
}
