#include "analyzer/model/lock_cycles.h"

#include <algorithm>
#include <boost/graph/strong_components.hpp>

namespace gordian::model {
namespace {

constexpr uint32_t kFar = UINT32_MAX;

struct Budget {
  uint64_t steps = 0;
  uint32_t cycles = 0;

  bool spend(uint64_t count) {
    if (steps < count) {
      steps = 0;
      return false;
    }
    steps -= count;
    return true;
  }
};

// One component, its vertices renumbered from 0 in the order that they have in the graph.
class Component {
 public:
  explicit Component(std::vector<uint32_t> vertices) : vertices_(std::move(vertices)) {}

  size_t size() const { return vertices_.size(); }

  void connect(const OrderGraph& graph, const std::vector<uint32_t>& component) {
    first_out_.push_back(0);
    in_.resize(size());
    for (uint32_t from = 0; from < size(); ++from) {
      const uint32_t vertex = vertices_[from];
      const auto [begin, end] = boost::adjacent_vertices(vertex, graph);
      for (auto to = begin; to != end; ++to) {
        if (component[*to] != component[vertex]) continue;
        const auto place = std::lower_bound(vertices_.begin(), vertices_.end(), *to);
        out_.push_back(static_cast<uint32_t>(place - vertices_.begin()));
        in_[out_.back()].push_back(from);
      }
      first_out_.push_back(static_cast<uint32_t>(out_.size()));
    }
    is_covered_.assign(out_.size(), false);
  }

  // Appends to `cycles`; false where the budget ended it.
  bool list(Budget& budget, std::vector<LockCycle>& cycles);
  void cover(Budget& budget, std::vector<LockCycle>& cycles);
  uint64_t uncovered() const {
    return static_cast<uint64_t>(std::count(is_covered_.begin(), is_covered_.end(), false));
  }

 private:
  uint32_t edge(uint32_t from, uint32_t to) const {
    const auto begin = out_.begin() + first_out_[from];
    const auto end = out_.begin() + first_out_[from + 1];
    const auto place = std::lower_bound(begin, end, to);
    return place != end && *place == to ? static_cast<uint32_t>(place - out_.begin()) : kFar;
  }

  void tell(const std::vector<uint32_t>& path, std::vector<LockCycle>& cycles) {
    LockCycle cycle;
    for (size_t i = 0; i < path.size(); ++i) {
      is_covered_[edge(path[i], path[(i + 1) % path.size()])] = true;
      cycle.push_back(vertices_[path[i]]);
    }
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    cycles.push_back(std::move(cycle));
  }

  bool list_pairs(Budget& budget, std::vector<LockCycle>& cycles);
  bool measure(Budget& budget, uint32_t root);
  bool list_through(Budget& budget, uint32_t root, uint32_t length, std::vector<LockCycle>& cycles);
  bool shortest_through(Budget& budget, uint32_t from, uint32_t to, std::vector<uint32_t>& path);

  std::vector<uint32_t> vertices_;
  std::vector<uint32_t> out_;
  std::vector<uint32_t> first_out_;
  std::vector<std::vector<uint32_t>> in_;
  std::vector<bool> is_covered_;    // one for each edge
  std::vector<uint32_t> home_;      // from each vertex back to the root, over none smaller than it
  std::vector<uint32_t> shortest_;  // no cycle that begins at the vertex and is not told yet is shorter
};

bool Component::list_pairs(Budget& budget, std::vector<LockCycle>& cycles) {
  for (uint32_t from = 0; from < size(); ++from) {
    for (uint32_t i = first_out_[from]; i < first_out_[from + 1]; ++i) {
      if (!budget.spend(1)) return false;
      if (out_[i] <= from || edge(out_[i], from) == kFar) continue;
      if (budget.cycles == 0) return false;
      --budget.cycles;
      tell({from, out_[i]}, cycles);
    }
  }
  return true;
}

// Fills `home_` for that root.
bool Component::measure(Budget& budget, uint32_t root) {
  home_.assign(size(), kFar);
  home_[root] = 0;
  std::vector<uint32_t> queue{root};
  uint64_t steps = size();
  for (size_t next = 0; next < queue.size(); ++next) {
    for (const uint32_t from : in_[queue[next]]) {
      ++steps;
      if (from <= root || home_[from] != kFar) continue;
      home_[from] = home_[queue[next]] + 1;
      queue.push_back(from);
    }
  }
  return budget.spend(steps);
}

// All cycles of exactly that length whose smallest vertex is the root. Leaves in `shortest_` the least length
// at which there may be more.
bool Component::list_through(Budget& budget, uint32_t root, uint32_t length, std::vector<LockCycle>& cycles) {
  uint32_t beyond = kFar;
  std::vector<bool> is_on_path(size());
  std::vector<uint32_t> path{root};
  std::vector<uint32_t> next{first_out_[root]};
  while (!path.empty()) {
    const uint32_t at = path.back();
    if (next.back() == first_out_[at + 1]) {
      is_on_path[at] = false;
      path.pop_back();
      next.pop_back();
      continue;
    }
    if (!budget.spend(1)) return false;
    const uint32_t to = out_[next.back()++];
    const auto used = static_cast<uint32_t>(path.size());
    if (to == root) {
      if (used == length) {
        if (budget.cycles == 0) return false;
        --budget.cycles;
        tell(path, cycles);
      }
      continue;
    }
    if (to < root || is_on_path[to] || home_[to] == kFar) continue;
    const uint32_t needed = used + home_[to];
    if (needed > length) {
      beyond = std::min(beyond, needed);
      continue;
    }
    is_on_path[to] = true;
    path.push_back(to);
    next.push_back(first_out_[to]);
  }
  shortest_[root] = beyond;
  return true;
}

bool Component::list(Budget& budget, std::vector<LockCycle>& cycles) {
  if (!list_pairs(budget, cycles)) return false;
  shortest_.assign(size(), kFar);
  for (uint32_t root = 0; root < size(); ++root) {
    if (!measure(budget, root)) return false;
    for (uint32_t i = first_out_[root]; i < first_out_[root + 1]; ++i)
      if (const uint32_t home = home_[out_[i]]; out_[i] > root && home != kFar)
        shortest_[root] = std::min(shortest_[root], std::max(home + 1, 3u));
  }
  while (true) {
    const uint32_t length = *std::min_element(shortest_.begin(), shortest_.end());
    if (length == kFar) return true;
    for (uint32_t root = 0; root < size(); ++root) {
      if (shortest_[root] != length) continue;
      if (!measure(budget, root) || !list_through(budget, root, length, cycles)) return false;
    }
  }
}

bool Component::shortest_through(Budget& budget, uint32_t from, uint32_t to, std::vector<uint32_t>& path) {
  path = {from, to};
  if (edge(to, from) != kFar) return budget.spend(1);
  std::vector<uint32_t> came_from(size(), kFar);
  std::vector<uint32_t> queue{to};
  came_from[to] = to;
  uint64_t steps = size();
  for (size_t next = 0; next < queue.size() && came_from[from] == kFar; ++next) {
    for (uint32_t i = first_out_[queue[next]]; i < first_out_[queue[next] + 1]; ++i) {
      ++steps;
      if (came_from[out_[i]] != kFar) continue;
      came_from[out_[i]] = queue[next];
      queue.push_back(out_[i]);
    }
  }
  if (!budget.spend(steps)) return false;
  path.clear();
  for (uint32_t at = from; at != to; at = came_from[at]) path.push_back(at);
  path.push_back(to);
  // That was the way home, backwards.
  std::reverse(path.begin() + 1, path.end());
  return true;
}

void Component::cover(Budget& budget, std::vector<LockCycle>& cycles) {
  std::vector<uint32_t> path;
  for (uint32_t from = 0; from < size(); ++from) {
    for (uint32_t i = first_out_[from]; i < first_out_[from + 1]; ++i) {
      if (is_covered_[i]) continue;
      if (budget.cycles == 0 || !shortest_through(budget, from, out_[i], path)) return;
      --budget.cycles;
      tell(path, cycles);
    }
  }
}

std::vector<Component> cyclic_components(const std::vector<uint32_t>& component) {
  std::vector<uint32_t> sizes(component.size());
  for (const uint32_t number : component) ++sizes[number];
  std::vector<uint32_t> place(component.size(), kFar);
  std::vector<std::vector<uint32_t>> vertices;
  for (uint32_t vertex = 0; vertex < component.size(); ++vertex) {
    uint32_t& mine = place[component[vertex]];
    if (sizes[component[vertex]] < 2) continue;
    if (mine == kFar) {
      mine = static_cast<uint32_t>(vertices.size());
      vertices.emplace_back();
    }
    vertices[mine].push_back(vertex);
  }
  std::stable_sort(vertices.begin(), vertices.end(),
                   [](const auto& one, const auto& other) { return one.size() < other.size(); });
  std::vector<Component> components;
  for (std::vector<uint32_t>& each : vertices) components.emplace_back(std::move(each));
  return components;
}

}  // namespace

std::vector<uint32_t> components_of(const OrderGraph& graph) {
  std::vector<uint32_t> component(boost::num_vertices(graph));
  if (component.empty()) return component;
  boost::strong_components(
      graph, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
  return component;
}

LockCycles find_cycles(const OrderGraph& graph, const CycleLimits& limits) {
  LockCycles found;
  const std::vector<uint32_t> component = components_of(graph);
  uint64_t steps = limits.steps_total;
  for (Component& each : cyclic_components(component)) {
    each.connect(graph, component);
    // Each half has what one component may spend, as long as all together have it.
    const auto spend = [&](uint32_t most, auto half) {
      const auto left = static_cast<uint32_t>(limits.total - found.cycles.size());
      Budget budget{std::min(limits.steps_per_component, steps), std::min(most, left)};
      steps -= budget.steps;
      half(budget);
      steps += budget.steps;
    };
    bool is_whole = false;
    spend(limits.listed_per_component, [&](Budget& budget) { is_whole = each.list(budget, found.cycles); });
    if (!is_whole) {
      found.complete = false;
      spend(limits.covering_per_component, [&](Budget& budget) { each.cover(budget, found.cycles); });
    }
    found.edges_uncovered += each.uncovered();
  }
  std::sort(found.cycles.begin(), found.cycles.end(), [](const LockCycle& one, const LockCycle& other) {
    return one.size() != other.size() ? one.size() < other.size() : one < other;
  });
  return found;
}

}  // namespace gordian::model
