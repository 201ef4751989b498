// The lock leaves the function inside of the guard that is returned.
// FLAGS: -std=c++14
#include <mutex>
#include <utility>

class Document {
 public:
  std::unique_lock<std::mutex> edit(bool really) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!really) lock.unlock();
    return lock;
  }
  void touch() {
    auto lock = edit(true);
    ++changes_;
  }

 private:
  std::mutex mutex_;
  int changes_ = 0;
};

void touch(Document& document) {
  document.touch();
}
