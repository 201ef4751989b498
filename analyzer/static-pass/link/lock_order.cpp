#include "analyzer/static-pass/link/lock_order.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace gordian::check {
namespace {

constexpr size_t kLongestCycle = 8;
constexpr size_t kMostOfOneKind = 8;  // circles through the same locks
constexpr size_t kMostSearched = 200'000;

// Classes of locks, and which are on a circle together.
class ClassComponents {
 public:
  explicit ClassComponents(const std::map<LockClass, std::set<LockClass>>& graph) : graph_(graph) {
    for (const auto& [node, next] : graph) {
      if (!index_.contains(node)) visit(node);
    }
  }
  uint32_t of(const LockClass& node) const {
    const auto place = component_.find(node);
    return place == component_.end() ? UINT32_MAX : place->second;
  }

 private:
  // Kosaraju would read the same; Tarjan needs one pass. Depth is bounded by the number of lock classes.
  void visit(const LockClass& node) {
    index_[node] = low_[node] = next_++;
    stack_.push_back(node);
    on_stack_.insert(node);
    if (const auto edges = graph_.find(node); edges != graph_.end()) {
      for (const LockClass& to : edges->second) {
        if (!index_.contains(to)) {
          visit(to);
          low_[node] = std::min(low_[node], low_[to]);
        } else if (on_stack_.contains(to)) {
          low_[node] = std::min(low_[node], index_[to]);
        }
      }
    }
    if (low_[node] != index_[node]) return;
    while (true) {
      const LockClass member = stack_.back();
      stack_.pop_back();
      on_stack_.erase(member);
      component_[member] = components_;
      if (member == node) break;
    }
    ++components_;
  }

  const std::map<LockClass, std::set<LockClass>>& graph_;
  std::map<LockClass, uint32_t> index_;
  std::map<LockClass, uint32_t> low_;
  std::map<LockClass, uint32_t> component_;
  std::set<LockClass> on_stack_;
  std::vector<LockClass> stack_;
  uint32_t next_ = 0;
  uint32_t components_ = 0;
};

bool is_prefix(const Path& part, const Path& whole) {
  return part.root == whole.root && part.number == whole.number && part.name == whole.name &&
         part.elements.size() <= whole.elements.size() &&
         std::equal(part.elements.begin(), part.elements.end(), whole.elements.begin());
}

// The object that a lock is a member of.
Path object_of(const Path& lock) {
  Path object = lock;
  if (!object.elements.empty()) object.elements.pop_back();
  return object;
}

// How one lock's object is reached from the other's, of the same class.
struct Descent {
  bool down = true;      // from the first to the second
  std::set<Element> by;  // a list is followed by the same member, however far
  bool operator==(const Descent&) const = default;
};

std::optional<Descent> descent_of(const Path& from, const Path& to) {
  const Path holder = object_of(from);
  const Path asked = object_of(to);
  const bool is_named = holder.root != Root::kUnknown && asked.root != Root::kUnknown;
  if (!is_named || holder.elements.size() == asked.elements.size()) return {};
  const bool down = holder.elements.size() < asked.elements.size();
  const Path& upper = down ? holder : asked;
  const Path& lower = down ? asked : holder;
  if (!is_prefix(upper, lower)) return {};
  const auto first = lower.elements.begin() + static_cast<std::ptrdiff_t>(upper.elements.size());
  return Descent{down, {first, lower.elements.end()}};
}

}  // namespace

ProgramOrder::ProgramOrder(const Analysis& analysis, const Concurrency& concurrency)
    : analysis_(analysis), concurrency_(concurrency) {
  // Of the same step in the same function the first sight is enough; guards count only when all have them.
  std::map<std::tuple<PathId, PathId, bool, bool, FunctionId, TraceId, TraceId>, size_t> known;
  for (const Order& order : analysis.events.orders) {
    const auto [place, is_new] = known.try_emplace({order.from, order.to, order.from_shared, order.to_shared,
                                                    order.in, order.from_trace, order.to_trace},
                                                   orders_.size());
    if (is_new) {
      orders_.push_back(order);
      continue;
    }
    std::erase_if(orders_[place->second].guards,
                  [&](PathId guard) { return std::ranges::find(order.guards, guard) == order.guards.end(); });
  }
  add_declared();
  find_contrary();
}

void ProgramOrder::add_declared() {
  Program& program = analysis_.program;
  const auto add = [&](PathId from, PathId to) {
    Order order;
    order.from = from;
    order.to = to;
    order.declared = true;
    if (analysis_.names.class_of(from).kind != LockClass::Kind::kNone &&
        analysis_.names.class_of(to).kind != LockClass::Kind::kNone)
      orders_.push_back(order);
  };
  const auto declare = [&](PathId self, const auto& declared) {
    for (const Path& later : declared.acquired_before) add(self, program.path(later));
    for (const Path& earlier : declared.acquired_after) add(program.path(earlier), self);
  };
  for (const Field* field : program.fields()) {
    Path self;
    self.root = Root::kThis;
    self.elements = {{Element::Kind::kField, field->key}};
    declare(program.path(self), *field);
  }
  for (const Variable* global : program.globals()) {
    Path self;
    self.root = Root::kGlobal;
    self.name = global->key;
    declare(program.path(self), *global);
  }
}

// Locks of one class that are taken in the order that a comparison says, lower or higher first everywhere.
bool ProgramOrder::is_chosen(const Order& order) const {
  if (order.chosen == Chosen::kNot) return false;
  return !contrary_.contains({analysis_.names.class_of(order.from), order.chosen_by});
}

void ProgramOrder::find_contrary() {
  std::map<std::pair<LockClass, Symbol>, std::set<Chosen>> ways;
  for (const Order& order : orders_) {
    if (order.chosen == Chosen::kLowerFirst || order.chosen == Chosen::kHigherFirst)
      ways[{analysis_.names.class_of(order.from), order.chosen_by}].insert(order.chosen);
  }
  for (const auto& [key, chosen] : ways) {
    if (chosen.size() > 1) contrary_.insert(key);
  }
}

bool ProgramOrder::follows(const Order& one, const Order& next) const {
  return analysis_.names.may_be_same(one.to, next.from);
}

// Two threads in the same place, each with the other's object.
bool ProgramOrder::closes_alone(const Order& order) const {
  if (order.from == order.to || is_chosen(order)) return false;
  const LockNames& names = analysis_.names;
  if (names.is_instance(order.from) && names.is_instance(order.to)) return false;
  // From an object to one that is reached through it, as in a tree or a list.
  return !descent_of(analysis_.program.path(order.from), analysis_.program.path(order.to));
}

// Locks of one class, always from an object to the one below it: there is no way back.
bool ProgramOrder::only_descends(const std::vector<const Order*>& orders) const {
  const auto descent = [&](const Order* order) {
    const bool is_one_class = analysis_.names.class_of(order->from) == analysis_.names.class_of(order->to);
    return is_one_class ? descent_of(analysis_.program.path(order->from), analysis_.program.path(order->to))
                        : std::nullopt;
  };
  const std::optional<Descent> first = descent(orders[0]);
  return first && std::ranges::all_of(orders, [&](const Order* each) { return descent(each) == first; });
}

bool ProgramOrder::is_written(PathId lock) const {
  const LockClass wanted = analysis_.names.class_of(lock);
  for (const Effects& effects : analysis_.shared.effects) {
    for (const Acquisition& each : effects.acquisitions) {
      if (!each.shared && analysis_.names.class_of(each.lock) == wanted) return true;
    }
  }
  return false;
}

OrderCycle ProgramOrder::judged(std::vector<const Order*> orders) const {
  OrderCycle cycle;
  cycle.orders = std::move(orders);
  const LockNames& names = analysis_.names;
  const auto rule_out = [&](std::string reason) {
    if (!cycle.unlikely) cycle.reason = std::move(reason);
    cycle.unlikely = true;
  };
  const size_t size = cycle.orders.size();
  for (const PathId guard : cycle.orders[0]->guards) {
    const bool everywhere = std::ranges::all_of(cycle.orders, [&](const Order* order) {
      return std::ranges::find_if(order->guards, [&](PathId each) {
               return each == guard || (names.class_of(each) == names.class_of(guard) &&
                                        names.class_of(guard).kind != LockClass::Kind::kNone &&
                                        !(names.is_instance(each) && names.is_instance(guard)));
             }) != order->guards.end();
    });
    if (everywhere)
      rule_out("all ways are gone with " + names.stable(guard) +
               " held, so that no two threads are there together");
  }
  for (size_t i = 0; i < size; ++i) {
    const Order& order = *cycle.orders[i];
    const Order& next = *cycle.orders[(i + 1) % size];
    if (order.maybe)
      rule_out("whether " + names.stable(order.from) +
               " is held there is not known: a called function may have taken it");
    if (order.timed)
      rule_out("the attempt at " + names.stable(order.to) + " has a timeout and ends by itself");
    if (order.to_shared && next.from_shared) {
      if (is_written(order.to)) {
        cycle.reason =
            "readers of " + names.stable(order.to) + " keep each other out while a writer waits between them";
      } else {
        rule_out("readers hold " + names.stable(order.to) + " and ask for it, and nobody writes");
      }
    }
    if (order.to_kind == LockKind::kSemaphore && analysis_.shared.several_units.contains(order.to))
      rule_out("a unit that is taken of the semaphore " + names.stable(order.to) + " may leave others");
  }
  if (size == 1) {
    const Order& order = *cycle.orders[0];
    const Root from = analysis_.program.path(order.from).root;
    const Root to = analysis_.program.path(order.to).root;
    // Both sides have to be chosen by somebody else for them to be swapped.
    const auto is_chosen = [&](PathId id, Root root) {
      const Path& path = analysis_.program.path(id);
      const bool by_index = std::ranges::any_of(path.elements, [](const Element& element) {
        return element.kind == Element::Kind::kIndex && element.name;
      });
      const bool is_vague = std::ranges::any_of(path.elements, [](const Element& element) {
        return element.kind == Element::Kind::kIndex && !element.name;
      });
      if (is_vague) return false;
      return root == Root::kParameter || root == Root::kThis || root == Root::kCapture || by_index;
    };
    if (!is_chosen(order.from, from) || !is_chosen(order.to, to))
      rule_out("whether the two objects can be the same two in another order is not known");
  }
  for (size_t i = 0; i < size; ++i) {
    for (size_t k = size == 1 ? i : i + 1; k < size; ++k) {
      const Order& one = *cycle.orders[i];
      const Order& other = *cycle.orders[k];
      if (one.declared || other.declared) continue;
      if (!concurrency_.parallel({one.in, one.alive, one.joined}, {other.in, other.alive, other.joined}))
        rule_out("no two threads can be there at the same time, as threads are started and joined");
    }
  }
  return cycle;
}

std::vector<OrderCycle> ProgramOrder::cycles() const {
  const LockNames& names = analysis_.names;
  std::map<LockClass, std::set<LockClass>> graph;
  for (const Order& order : orders_) graph[names.class_of(order.from)].insert(names.class_of(order.to));
  const ClassComponents components(graph);
  std::map<LockClass, std::vector<const Order*>> from;
  for (const Order& order : orders_) {
    const LockClass one = names.class_of(order.from);
    const LockClass other = names.class_of(order.to);
    // Locks of one class that are taken by address close no circle.
    if (one == other && is_chosen(order)) continue;
    if (components.of(one) == components.of(other)) from[one].push_back(&order);
  }

  std::vector<OrderCycle> result;
  std::map<std::vector<LockClass>, size_t> of_one_kind;
  size_t searched = 0;
  std::vector<const Order*> path;
  std::vector<std::set<LockClass>> told;       // locks of circles that are not ruled out
  std::vector<std::set<LockClass>> ruled_out;  // and of those that are
  const auto keep = [&] {
    if (std::ranges::all_of(path, [](const Order* order) { return order->declared; })) return;
    if (only_descends(path)) return;
    std::vector<LockClass> kind;
    for (const Order* order : path) kind.push_back(names.class_of(order->from));
    // A circle through a smaller one says nothing more: who breaks that breaks this.
    const std::set<LockClass> locks(kind.begin(), kind.end());
    const auto is_more_than = [&](const std::vector<std::set<LockClass>>& known) {
      return std::ranges::any_of(known, [&](const std::set<LockClass>& smaller) {
        return smaller.size() < locks.size() && std::ranges::includes(locks, smaller);
      });
    };
    if (is_more_than(told)) return;
    const auto smallest = std::min_element(kind.begin(), kind.end());
    std::rotate(kind.begin(), smallest, kind.end());
    if (++of_one_kind[kind] > kMostOfOneKind) return void(++not_followed_);
    OrderCycle cycle = judged(path);
    if (cycle.unlikely && is_more_than(ruled_out)) return;
    (cycle.unlikely ? ruled_out : told).push_back(locks);
    result.push_back(std::move(cycle));
  };
  // From each order, to those after it: a circle is found from its first member alone.
  const auto extend = [&](const auto& self, size_t limit) -> void {
    if (++searched > kMostSearched) return;
    const Order* first = path.front();
    const Order* last = path.back();
    if (path.size() > 1 && follows(*last, *first)) {
      if (path.size() == limit) keep();
      return;
    }
    if (path.size() >= limit) return;
    const auto next = from.find(names.class_of(last->to));
    if (next == from.end()) return;
    for (const Order* order : next->second) {
      if (order < first || std::ranges::find(path, order) != path.end() || !follows(*last, *order)) continue;
      // No lock twice on one circle.
      const bool comes_back = std::ranges::any_of(
          path, [&](const Order* each) { return each != first && names.may_be_same(each->from, order->to); });
      if (comes_back) continue;
      path.push_back(order);
      self(self, limit);
      path.pop_back();
    }
  };
  for (const Order& order : orders_) {
    const bool is_class_alone = names.class_of(order.from) == names.class_of(order.to);
    if (is_class_alone && !order.declared && closes_alone(order)) {
      path = {&order};
      keep();
    }
  }
  for (size_t limit = 2; limit <= kLongestCycle; ++limit) {
    for (const Order& order : orders_) {
      const LockClass one = names.class_of(order.from);
      if (components.of(one) != components.of(names.class_of(order.to)) || order.from == order.to) continue;
      // What closes by itself has been told.
      path = {&order};
      if (one == names.class_of(order.to) && (closes_alone(order) || is_chosen(order))) continue;
      extend(extend, limit);
    }
  }
  if (searched > kMostSearched) ++not_followed_;
  return result;
}

}  // namespace gordian::check
