// The same with std::condition_variable, as a member.
#include <condition_variable>
#include <mutex>

class Mailbox {
 public:
  int receive() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (letters_ == 0) {
      arrived_.wait(lock);  // EXPECT: wait-without-loop "arrived_"
    }
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
