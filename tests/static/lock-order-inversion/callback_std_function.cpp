// A listener that is called under the bus's lock takes a lock under which the bus is called.
#include <functional>
#include <mutex>

class Bus {
 public:
  void listen(std::function<void(int)> listener) {
    std::lock_guard<std::mutex> hold(mutex_);
    listener_ = std::move(listener);
  }
  void pause() {
    std::lock_guard<std::mutex> hold(mutex_);  // EXPECT: lock-order-inversion "log_mutex"
    paused_ = true;
  }
  void send(int message) {
    std::lock_guard<std::mutex> hold(mutex_);
    if (listener_ && !paused_) listener_(message);
  }

 private:
  std::mutex mutex_;
  std::function<void(int)> listener_;
  bool paused_ = false;
};

static Bus bus;
static std::mutex log_mutex;
static int lines;

void start() {
  bus.listen([](int) {
    std::lock_guard<std::mutex> hold(log_mutex);  // EXPECT: lock-order-inversion "log_mutex"
    ++lines;
  });
}

void rotate() {
  std::lock_guard<std::mutex> hold(log_mutex);
  lines = 0;
  bus.pause();
}

void announce() {
  bus.send(1);
}
