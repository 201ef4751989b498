// An assignment that locks itself and then the other: a = b against b = a.
#include <mutex>

class Config {
 public:
  Config& operator=(const Config& other) {
    if (this == &other) return *this;
    std::lock_guard<std::mutex> mine(mutex_);
    std::lock_guard<std::mutex> theirs(other.mutex_);  // EXPECT: lock-order-inversion
    value_ = other.value_;
    return *this;
  }

 private:
  mutable std::mutex mutex_;
  int value_ = 0;
};

void restore(Config& active, const Config& saved) {
  active = saved;
}
