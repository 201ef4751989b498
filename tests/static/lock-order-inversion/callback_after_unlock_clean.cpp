// The listener is copied under the lock and called without it.
#include <functional>
#include <mutex>

class Bus {
 public:
  void listen(std::function<void()> listener) {
    std::lock_guard<std::mutex> hold(mutex_);
    listener_ = std::move(listener);
  }
  void pause() {
    std::lock_guard<std::mutex> hold(mutex_);
    paused_ = true;
  }
  void send() {
    std::function<void()> listener;
    {
      std::lock_guard<std::mutex> hold(mutex_);
      if (!paused_) listener = listener_;
    }
    if (listener) listener();
  }

 private:
  std::mutex mutex_;
  std::function<void()> listener_;
  bool paused_ = false;
};

static Bus bus;
static std::mutex log_mutex;
static int lines;

void start() {
  bus.listen([] {
    std::lock_guard<std::mutex> hold(log_mutex);
    ++lines;
  });
}

void rotate() {
  std::lock_guard<std::mutex> hold(log_mutex);
  lines = 0;
  bus.pause();
}

void announce() {
  bus.send();
}
