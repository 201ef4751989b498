// This declares a unique_lock that is called mutex_, and locks nothing.
#include <mutex>

class Counter {
 public:
  void add(int& value) {
    std::unique_lock<std::mutex>(mutex_);  // EXPECT: unnamed-guard
    ++value;
  }

 private:
  std::mutex mutex_;
};

void count(Counter& counter, int& value) {
  counter.add(value);
}
