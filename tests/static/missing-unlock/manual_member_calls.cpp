// A class with enter and leave; a method enters and returns.
// FLAGS: -std=c++20
#include <mutex>

class Monitor {
 public:
  int next() {
    enter();
    if (value_ >= limit_) return limit_;  // EXPECT: missing-unlock
    int result = ++value_;
    leave();
    return result;
  }

 private:
  void enter() { mutex_.lock(); }
  void leave() { mutex_.unlock(); }
  std::mutex mutex_;
  int value_ = 0;
  const int limit_ = 10;
};

int step(Monitor& monitor) {
  return monitor.next();
}
