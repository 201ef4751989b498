// The second lock belongs to an object that nobody else knows yet.
#include <memory>
#include <mutex>

class Counter {
 public:
  std::unique_ptr<Counter> clone() {
    auto copy = std::make_unique<Counter>();
    std::lock_guard<std::mutex> mine(mutex_);
    std::lock_guard<std::mutex> its(copy->mutex_);
    copy->value_ = value_;
    return copy;
  }
  void add(int amount) {
    std::lock_guard<std::mutex> hold(mutex_);
    value_ += amount;
  }

 private:
  std::mutex mutex_;
  int value_ = 0;
};

std::unique_ptr<Counter> snapshot(Counter& counter) {
  counter.add(1);
  return counter.clone();
}
