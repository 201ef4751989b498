#include "analyzer/capture/order_edges.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analyzer/capture/function_names.h"
#include "analyzer/model/lock_order_graph.h"

namespace gordian::capture {
namespace {

constexpr uint64_t kMostWork = 100'000'000;  // locks compared; some ten million ways to take locks
constexpr size_t kMostThreadsShown = 8;
constexpr size_t kMostGuards = 16;  // the innermost ones

using model::OrderStep;

class Edges {
 public:
  Edges(const OrderScene& scene, const std::function<std::string(uint32_t)>& stable_name)
      : scene_(scene), stable_name_(stable_name), numbers_of_locks_(scene.order().locks.size(), kUnknown) {}

  finding::LockOrder run(AddressNames& names) {
    const std::vector<OrderStep>& steps = scene_.order().steps;
    for (uint32_t i = 0; i < steps.size(); ++i) {
      if (!steps[i].attempted || !model::is_lock(scene_.lock(steps[i].lock))) continue;
      if (work_ >= kMostWork) {
        ++not_looked_at_;
      } else {
        look_at(i);
      }
    }
    return edges(names);
  }

 private:
  static constexpr uint32_t kUnknown = UINT32_MAX;
  using Key = std::tuple<uint32_t, uint32_t, bool, bool, uint64_t, uint64_t>;
  struct Edge {
    uint32_t ancestor = 0;
    uint32_t step = 0;
    std::vector<uint32_t> guards;  // numbers of stable names, sorted
    std::set<std::string> threads;
    uint64_t contexts = 0;
  };

  uint32_t number_of(uint32_t lock) {
    uint32_t& number = numbers_of_locks_[lock];
    if (number != kUnknown) return number;
    const auto [place, is_new] =
        numbers_.try_emplace(stable_name_(lock), static_cast<uint32_t>(stable_names_.size()));
    if (is_new) stable_names_.push_back(place->first);
    return number = place->second;
  }

  // From the innermost lock held, and outwards as long as what lies between was had without asking for it:
  // what is further out was in order before, by an edge of its own.
  void look_at(uint32_t index) {
    const std::vector<OrderStep>& steps = scene_.order().steps;
    std::map<uint32_t, uint32_t> held;  // by lock: the outermost step that took it
    std::vector<uint32_t> locks;        // innermost first
    for (uint32_t above = steps[index].parent; above != model::kNoStep; above = steps[above].parent) {
      if (steps[above].lock == steps[index].lock) return;
      if (!model::is_lock(scene_.lock(steps[above].lock))) continue;
      if (!held.insert_or_assign(steps[above].lock, above).second) continue;
      locks.push_back(steps[above].lock);
    }
    std::vector<uint32_t> numbers;
    for (size_t i = 0; i < locks.size() && i <= kMostGuards; ++i) numbers.push_back(number_of(locks[i]));
    std::ranges::sort(numbers);
    for (const uint32_t lock : locks) {
      add(held[lock], index, numbers);
      if (steps[held[lock]].attempted) break;
    }
    work_ += locks.size() + 1;
  }

  // Of each edge the guards are what was held every time; what it leads from is taken out in the end.
  void add(uint32_t ancestor, uint32_t index, const std::vector<uint32_t>& held) {
    const OrderStep& holds = scene_.step(ancestor);
    const OrderStep& asks = scene_.step(index);
    const Key key{number_of(holds.lock), number_of(asks.lock), holds.shared,
                  asks.shared,           holds.site,           asks.site};
    auto known = edges_.find(key);
    if (known == edges_.end()) {
      if (edges_.size() == kMostOrderEdges) {
        beyond_.insert(key);
        return;
      }
      known = edges_.emplace(key, Edge{ancestor, index, held, {}, 0}).first;
    }
    Edge& edge = known->second;
    ++edge.contexts;
    if (edge.contexts > 1 && edge.guards.size() > 1) {
      std::erase_if(edge.guards, [&](uint32_t guard) { return !std::ranges::binary_search(held, guard); });
    }
    for (const model::Witness& witness : asks.witnesses) {
      if (edge.threads.size() == kMostThreadsShown) break;
      edge.threads.insert(scene_.threads().name(witness.thread_serial).name);
    }
  }

  finding::ResourceName name(uint32_t step, AddressNames& names) const {
    return scene_.class_name(scene_.step(step).lock, {{scene_.step(step).site, scene_.stack(step)}}, names);
  }

  // As far as the program's own function and its caller: there are many edges.
  finding::Stack stack(uint32_t step) const {
    finding::Stack all = scene_.stack(step);
    if (const finding::Frame* own = own_frame(all); own != nullptr)
      all.resize(std::min(all.size(), static_cast<size_t>(own - all.data()) + 2));
    return all;
  }

  std::vector<std::string> guards_of(const Edge& edge) const {
    std::vector<std::string> guards;
    const uint32_t from = numbers_of_locks_[scene_.step(edge.ancestor).lock];
    const size_t itself = static_cast<size_t>(std::ranges::find(edge.guards, from) - edge.guards.begin());
    for (size_t i = 0; i < edge.guards.size(); ++i)
      if (i != itself) guards.push_back(stable_names_[edge.guards[i]]);
    std::ranges::sort(guards);
    guards.erase(std::unique(guards.begin(), guards.end()), guards.end());
    if (guards.size() > kMostGuards) {
      const size_t more = guards.size() - kMostGuards;
      guards.resize(kMostGuards);
      guards.push_back("(" + std::to_string(more) + " more)");
    }
    return guards;
  }

  finding::LockOrder edges(AddressNames& names) const {
    finding::LockOrder result;
    result.edges_not_shown = beyond_.size() + not_looked_at_;
    for (const auto& [key, edge] : edges_) {
      finding::OrderEdge& shown = result.edges.emplace_back();
      shown.from = name(edge.ancestor, names);
      shown.to = name(edge.step, names);
      shown.from_mode = scene_.step(edge.ancestor).shared ? "shared" : "exclusive";
      shown.to_mode = scene_.step(edge.step).shared ? "shared" : "exclusive";
      shown.acquired_at = stack(edge.ancestor);
      shown.attempted_at = stack(edge.step);
      shown.guards = guards_of(edge);
      shown.threads.assign(edge.threads.begin(), edge.threads.end());
      shown.contexts = edge.contexts;
    }
    std::ranges::stable_sort(result.edges, {}, [](const finding::OrderEdge& edge) {
      return std::tie(edge.from.stable, edge.to.stable, edge.from_mode, edge.to_mode);
    });
    return result;
  }

  const OrderScene& scene_;
  const std::function<std::string(uint32_t)>& stable_name_;
  std::map<std::string, uint32_t> numbers_;
  std::vector<std::string> stable_names_;
  std::vector<uint32_t> numbers_of_locks_;
  std::map<Key, Edge> edges_;
  std::set<Key> beyond_;
  uint64_t work_ = 0;
  uint64_t not_looked_at_ = 0;
};

}  // namespace

finding::LockOrder order_edges(const OrderScene& scene,
                               const std::function<std::string(uint32_t lock)>& stable_name,
                               AddressNames& names) {
  return Edges(scene, stable_name).run(names);
}

}  // namespace gordian::capture
