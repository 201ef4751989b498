// std::recursive_mutex may be taken again by its holder.
// FLAGS: -std=c++11
#include <mutex>

class Tree {
 public:
  int size() {
    std::lock_guard<std::recursive_mutex> hold(mutex_);
    return size_;
  }
  void grow() {
    std::lock_guard<std::recursive_mutex> hold(mutex_);
    if (size() < 10) ++size_;
  }

 private:
  std::recursive_mutex mutex_;
  int size_ = 0;
};

void plant(Tree& tree) {
  tree.grow();
}
