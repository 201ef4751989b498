// A method that locks calls another method that locks.
#include <mutex>

class Inventory {
 public:
  int count() {
    std::lock_guard<std::mutex> hold(mutex_);
    return count_;
  }
  bool take() {
    std::lock_guard<std::mutex> hold(mutex_);
    if (count() == 0) return false;  // EXPECT: double-lock "mutex_"
    --count_;
    return true;
  }

 private:
  std::mutex mutex_;
  int count_ = 0;
};

bool buy(Inventory& inventory) {
  return inventory.take();
}
