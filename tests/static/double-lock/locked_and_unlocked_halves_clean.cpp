// The public methods lock, the private one expects the lock held.
#include <mutex>

class Inventory {
 public:
  int count() {
    std::lock_guard<std::mutex> hold(mutex_);
    return count_locked();
  }
  bool take() {
    std::lock_guard<std::mutex> hold(mutex_);
    if (count_locked() == 0) return false;
    --count_;
    return true;
  }

 private:
  int count_locked() { return count_; }
  std::mutex mutex_;
  int count_ = 0;
};

bool buy(Inventory& inventory) {
  return inventory.count() > 0 && inventory.take();
}
