#include "analyzer/verdict/held_sets.h"

#include <algorithm>

namespace gordian::verdict {

uint32_t HeldSets::at(uint32_t step) {
  const uint32_t parent = order_.steps[step].parent;
  if (parent == model::kNoStep) return 0;
  uint32_t& known = of_step_[parent];
  if (known != kUnknown) return known;
  Set set;
  for (uint32_t above = parent; above != model::kNoStep; above = order_.steps[above].parent)
    set.push_back({order_.steps[above].lock, order_.steps[above].shared});
  std::sort(set.begin(), set.end());  // of one lock, the exclusive hold comes first and stays
  set.erase(std::unique(set.begin(), set.end(),
                        [](const Held& one, const Held& other) { return one.lock == other.lock; }),
            set.end());
  const auto [place, is_new] = numbers_.try_emplace(set, static_cast<uint32_t>(sets_.size()));
  if (is_new) sets_.push_back(std::move(set));
  known = place->second;
  return known;
}

bool HeldSets::contains(uint32_t set, uint32_t lock) const {
  return std::any_of(sets_[set].begin(), sets_[set].end(),
                     [&](const Held& held) { return held.lock == lock; });
}

std::vector<uint32_t> HeldSets::semaphores(uint32_t set) const {
  std::vector<uint32_t> found;
  for (const Held& held : sets_[set]) {
    const model::OrderedLock& of = order_.locks[held.lock];
    if (of.key.kind == model::ResourceKind::kSemaphore && model::is_lock(of) && of.units > 1)
      found.push_back(held.lock);
  }
  return found;
}

bool HeldSets::can_guard(uint32_t lock) const {
  const model::OrderedLock& of = order_.locks[lock];
  return model::is_lock(of) && (of.key.kind != model::ResourceKind::kSemaphore || of.units == 1);
}

uint32_t HeldSets::guard(uint32_t one, uint32_t other) {
  if (one == 0 || other == 0) return kNoLock;
  const auto [place, is_new] = guards_.try_emplace({std::min(one, other), std::max(one, other)}, kNoLock);
  if (!is_new) return place->second;
  const Set& left = sets_[one];
  const Set& right = sets_[other];
  for (size_t l = 0, r = 0; l < left.size() && r < right.size();) {
    if (left[l].lock != right[r].lock) {
      left[l].lock < right[r].lock ? ++l : ++r;
    } else if ((left[l].shared && right[r].shared) || !can_guard(left[l].lock)) {
      ++l;
      ++r;
    } else {
      place->second = left[l].lock;
      break;
    }
  }
  return place->second;
}

}  // namespace gordian::verdict
