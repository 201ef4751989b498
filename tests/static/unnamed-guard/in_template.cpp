// In a template, found where it is instantiated or not.
#include <mutex>

template <typename Lock>
class Cell {
 public:
  void set(int& value, int next) {
    std::lock_guard<Lock>{lock_};  // EXPECT: unnamed-guard
    value = next;
  }

 private:
  Lock lock_;
};

void set(Cell<std::mutex>& cell, int& value) {
  cell.set(value, 1);
}
