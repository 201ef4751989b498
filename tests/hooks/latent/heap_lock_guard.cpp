// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex
// CONFIRM: reachable=yes
// Objects of one class on the heap call each other under their own locks, in both directions.
#include <memory>
#include <mutex>

#include "in_turns.h"

class Node {
 public:
  void join_with(Node& other) {
    std::lock_guard<std::mutex> own(lock_);
    other.add();
  }

 private:
  void add() {
    std::lock_guard<std::mutex> own(lock_);
    ++links_;
  }

  std::mutex lock_;
  int links_ = 0;
};

static std::unique_ptr<Node> north = std::make_unique<Node>();
static std::unique_ptr<Node> south = std::make_unique<Node>();

int main() {
  two_turns([] { north->join_with(*south); }, [] { south->join_with(*north); });
}
