// this-> makes it an expression, and so a temporary.
// FLAGS: -std=c++14
#include <mutex>

class Counter {
 public:
  void add(int& value) {
    std::lock_guard<std::mutex>(this->mutex_);  // EXPECT: unnamed-guard
    ++value;
  }

 private:
  std::mutex mutex_;
};

void count(Counter& counter, int& value) {
  counter.add(value);
}
