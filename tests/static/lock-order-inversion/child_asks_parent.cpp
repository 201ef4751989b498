// The parent locks its child under its lock, and the child its parent.
#include <mutex>

class Child;

class Parent {
 public:
  void update(Child& child);
  void child_changed() {
    std::lock_guard<std::mutex> hold(mutex_);  // EXPECT: lock-order-inversion
    ++changes_;
  }

 private:
  std::mutex mutex_;
  int changes_ = 0;
};

class Child {
 public:
  explicit Child(Parent* parent) : parent_(parent) {}
  void refresh() {
    std::lock_guard<std::mutex> hold(mutex_);  // EXPECT: lock-order-inversion
    fresh_ = true;
  }
  void change() {
    std::lock_guard<std::mutex> hold(mutex_);
    fresh_ = false;
    parent_->child_changed();
  }

 private:
  std::mutex mutex_;
  Parent* const parent_;
  bool fresh_ = false;
};

void Parent::update(Child& child) {
  std::lock_guard<std::mutex> hold(mutex_);
  child.refresh();
}
