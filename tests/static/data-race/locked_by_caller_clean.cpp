// The helper holds nothing itself; all of its callers hold the lock.
#include <mutex>

class Inventory {
 public:
  bool take() {
    std::lock_guard<std::mutex> hold(mutex_);
    if (count_ == 0) return false;
    change(-1);
    return true;
  }
  void put() {
    std::lock_guard<std::mutex> hold(mutex_);
    change(1);
  }
  void clear() {
    std::lock_guard<std::mutex> hold(mutex_);
    count_ = 0;
  }

 private:
  void change(int by) { count_ += by; }
  std::mutex mutex_;
  int count_ = 0;
};

bool trade(Inventory& inventory) {
  inventory.put();
  bool taken = inventory.take();
  inventory.clear();
  return taken;
}
