// The overload with a predicate is a loop.
// FLAGS: -std=c++11
#include <condition_variable>
#include <mutex>

class Mailbox {
 public:
  int receive() {
    std::unique_lock<std::mutex> lock(mutex_);
    arrived_.wait(lock, [this] { return letters_ > 0; });
    return letters_--;
  }
  void send() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++letters_;
    arrived_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  int letters_ = 0;
};

int exchange(Mailbox& mailbox) {
  mailbox.send();
  return mailbox.receive();
}
