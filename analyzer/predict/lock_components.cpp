#include "analyzer/predict/lock_components.h"

#include <algorithm>
#include <utility>

namespace gordian::predict {
namespace {

// Strongly connected components of the graph of locks, with an edge from each lock held to the one asked for.
// Tarjan: Depth-First Search and Linear Graph Algorithms, 1972; with a stack of its own, since chains of
// locks may be long.
class Components {
 public:
  explicit Components(const AbstractAcquires& abstract) {
    for (const AbstractAcquire& acquire : abstract.acquires) {
      for (const HeldLock& held : abstract.lock_sets[acquire.held])
        edges_.emplace_back(held.lock, acquire.wants.lock);
    }
    std::ranges::sort(edges_);
    edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
    uint32_t count = 0;
    for (const auto& [from, to] : edges_) count = std::max({count, from + 1, to + 1});
    nodes_.resize(count);
    for (uint32_t i = static_cast<uint32_t>(edges_.size()); i-- != 0;) nodes_[edges_[i].first].edge = i;
    for (uint32_t lock = 0; lock < count; ++lock) {
      if (nodes_[lock].order == 0) visit(lock);
    }
  }

  bool same(uint32_t one, uint32_t other) const { return nodes_[one].component == nodes_[other].component; }

 private:
  struct Node {
    uint32_t edge = kNone;  // the next one to follow
    uint32_t order = 0;
    uint32_t low = 0;
    uint32_t component = kNone;
  };

  bool has_edge(uint32_t lock) const {
    const uint32_t edge = nodes_[lock].edge;
    return edge < edges_.size() && edges_[edge].first == lock;
  }

  void enter(uint32_t lock) {
    nodes_[lock].order = nodes_[lock].low = ++entered_;
    path_.push_back(lock);
    open_.push_back(lock);
  }

  void visit(uint32_t root) {
    enter(root);
    while (!path_.empty()) {
      const uint32_t lock = path_.back();
      if (has_edge(lock)) {
        const uint32_t next = edges_[nodes_[lock].edge++].second;
        if (nodes_[next].order == 0) {
          enter(next);
        } else if (nodes_[next].component == kNone) {
          nodes_[lock].low = std::min(nodes_[lock].low, nodes_[next].order);
        }
        continue;
      }
      leave(lock);
    }
  }

  void leave(uint32_t lock) {
    path_.pop_back();
    if (!path_.empty()) nodes_[path_.back()].low = std::min(nodes_[path_.back()].low, nodes_[lock].low);
    if (nodes_[lock].low != nodes_[lock].order) return;
    for (uint32_t member = kNone; member != lock;) {
      member = open_.back();
      open_.pop_back();
      nodes_[member].component = lock;
    }
  }

  std::vector<std::pair<uint32_t, uint32_t>> edges_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> path_, open_;
  uint32_t entered_ = 0;
};

}  // namespace

std::vector<uint32_t> acquires_in_cycles(const AbstractAcquires& abstract) {
  const Components components(abstract);
  std::vector<uint32_t> result;
  for (uint32_t i = 0; i < abstract.acquires.size(); ++i) {
    const AbstractAcquire& acquire = abstract.acquires[i];
    const auto& held = abstract.lock_sets[acquire.held];
    if (std::ranges::any_of(
            held, [&](const HeldLock& lock) { return components.same(lock.lock, acquire.wants.lock); })) {
      result.push_back(i);
    }
  }
  return result;
}

}  // namespace gordian::predict
