// Each object has its own mutex; the counter belongs to all of them.
// FLAGS: -std=c++2b
#include <mutex>
#include <thread>

class Session {
 public:
  void open() {
    std::lock_guard hold(mutex_);
    ++open_;
    ++all_open_;  // EXPECT: data-race "all_open_"
  }

 private:
  std::mutex mutex_;
  int open_ = 0;
  static inline int all_open_ = 0;
};

int main() {
  Session first, second;
  std::jthread one([&first] { first.open(); });
  std::jthread two([&second] { second.open(); });
}
