// Builds lock orders for tests in the words of the field: which thread took what while it held what.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "analyzer/model/lock_order.h"
#include "tests/unit/scenario.h"

namespace gordian::test {

// A lock as a path names it.
struct Asked {
  ResourceKey key;
  bool shared = false;
  uint32_t generation = 1;
  Asked(ResourceKey of) : key(of) {}
  Asked(ResourceKey of, bool is_shared, uint32_t of_generation = 1)
      : key(of), shared(is_shared), generation(of_generation) {}
};

inline Asked read(ResourceKey key) {
  return {key, true};
}
inline Asked life(uint32_t generation, ResourceKey key) {
  return {key, false, generation};
}

class OrderScenario {
 public:
  // Thread `serial` holds all of `path` but its last, and asks for that. Returns the step.
  uint32_t takes(uint32_t serial, const std::vector<Asked>& path, uint32_t first_segment = 0,
                 uint32_t last_segment = 0) {
    uint32_t step = UINT32_MAX;
    for (const Asked& each : path) step = step_of(step, each);
    order_.steps[step].attempted = true;
    if (serial != 0) order_.steps[step].witnesses.push_back({serial, first_segment, last_segment});
    return step;
  }

  // It was created by `creator` in that segment, which then begins the next.
  OrderScenario& created(uint32_t creator, uint32_t segment, uint32_t serial) {
    order_.links.push_back({creator, segment, serial, 0});
    return *this;
  }
  OrderScenario& joined(uint32_t serial, uint32_t joiner, uint32_t next_segment) {
    order_.links.push_back({serial, UINT32_MAX, joiner, next_segment});
    return *this;
  }

  uint32_t lock(const Asked& asked) {
    const auto [place, added] =
        locks_.try_emplace({asked.key, asked.generation}, static_cast<uint32_t>(order_.locks.size()));
    if (added) order_.locks.push_back({asked.key, asked.generation});
    return place->second;
  }
  model::OrderedLock& at(const Asked& asked) { return order_.locks[lock(asked)]; }
  model::OrderStep& step(uint32_t index) { return order_.steps[index]; }

  const model::LockOrder& order() const { return order_; }
  model::LockOrder& order() { return order_; }

 private:
  uint32_t step_of(uint32_t parent, const Asked& asked) {
    const uint32_t index = lock(asked);
    for (uint32_t i = 0; i < order_.steps.size(); ++i) {
      const model::OrderStep& each = order_.steps[i];
      if (each.parent == parent && each.lock == index && each.shared == asked.shared) return i;
    }
    model::OrderStep step;
    step.parent = parent;
    step.lock = index;
    step.shared = asked.shared;
    order_.steps.push_back(step);
    return static_cast<uint32_t>(order_.steps.size() - 1);
  }

  model::LockOrder order_;
  std::map<std::pair<ResourceKey, uint32_t>, uint32_t> locks_;
};

}  // namespace gordian::test
