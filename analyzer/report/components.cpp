#include "analyzer/report/components.h"

#include <limits>

namespace gordian::report {
namespace {

using Neighbours = std::vector<std::vector<size_t>>;

// Every node, each after all that can be reached from it and were not listed before.
std::vector<size_t> by_finish(const Neighbours& next) {
  std::vector<size_t> order;
  std::vector<bool> is_seen(next.size());
  std::vector<std::pair<size_t, size_t>> path;  // a node, and how many of its arrows were followed
  for (size_t root = 0; root < next.size(); ++root) {
    if (is_seen[root]) continue;
    is_seen[root] = true;
    path.emplace_back(root, 0);
    while (!path.empty()) {
      auto& [node, followed] = path.back();
      if (followed == next[node].size()) {
        order.push_back(node);
        path.pop_back();
        continue;
      }
      const size_t target = next[node][followed++];
      if (is_seen[target]) continue;
      is_seen[target] = true;
      path.emplace_back(target, 0);
    }
  }
  return order;
}

}  // namespace

std::vector<size_t> components_of(size_t nodes, const std::vector<Arrow>& arrows) {
  Neighbours next(nodes);
  Neighbours previous(nodes);
  for (const auto& [from, to] : arrows) {
    next[from].push_back(to);
    previous[to].push_back(from);
  }
  const std::vector<size_t> order = by_finish(next);
  constexpr size_t kNone = std::numeric_limits<size_t>::max();
  std::vector<size_t> component(nodes, kNone);
  size_t count = 0;
  std::vector<size_t> waiting;
  for (size_t i = order.size(); i-- > 0;) {
    if (component[order[i]] != kNone) continue;
    component[order[i]] = count;
    waiting.push_back(order[i]);
    while (!waiting.empty()) {
      const size_t node = waiting.back();
      waiting.pop_back();
      for (size_t each : previous[node]) {
        if (component[each] != kNone) continue;
        component[each] = count;
        waiting.push_back(each);
      }
    }
    ++count;
  }
  return component;
}

}  // namespace gordian::report
