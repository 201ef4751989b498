// A tree is always locked from the parent to its children.
#include <memory>
#include <mutex>
#include <vector>

class Node {
 public:
  int count() {
    std::lock_guard<std::mutex> hold(mutex_);
    int sum = 1;
    for (auto& child : children_) sum += child->count();
    return sum;
  }
  void add(std::unique_ptr<Node> child) {
    std::lock_guard<std::mutex> hold(mutex_);
    children_.push_back(std::move(child));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Node>> children_;
};

int size_of(Node& root) {
  root.add(std::make_unique<Node>());
  return root.count();
}
