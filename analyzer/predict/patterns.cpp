#include "analyzer/predict/patterns.h"

#include <algorithm>
#include <unordered_map>

#include "analyzer/predict/lock_components.h"

namespace gordian::predict {
namespace {

bool excludes(const HeldLock& one, const HeldLock& other) {
  return one.lock == other.lock && !(one.shared && other.shared);
}

class Search {
 public:
  Search(const AbstractAcquires& abstract, const PatternLimits& limits,
         const std::function<void(const Pattern&)>& found)
      : abstract_(abstract), limits_(limits), found_(found) {
    candidates_ = acquires_in_cycles(abstract);
    for (const uint32_t number : candidates_) {
      for (const HeldLock& held : held_by(number)) holders_[held.lock].push_back(number);
    }
  }

  PatternSearch run() {
    PatternSearch result;
    for (uint32_t length = 2; limits_.length == 0 || length <= limits_.length; ++length) {
      length_ = length;
      is_longer_possible_ = false;
      for (const uint32_t start : candidates_) {
        path_.assign(1, start);
        extend();
        if (was_cut_) break;
      }
      result.found = found_count_;
      result.was_cut = was_cut_;
      if (was_cut_) break;
      result.complete_to = length;
      if (!is_longer_possible_) break;
    }
    return result;
  }

 private:
  const std::vector<HeldLock>& held_by(uint32_t number) const {
    return abstract_.lock_sets[abstract_.acquires[number].held];
  }
  bool waits_for(uint32_t number, uint32_t holder) const {
    const HeldLock& wants = abstract_.acquires[number].wants;
    return std::ranges::any_of(held_by(holder), [&](const HeldLock& held) { return excludes(wants, held); });
  }
  bool fits(uint32_t number) const;
  bool stand_apart(uint32_t one, uint32_t other) const;
  void extend();

  const AbstractAcquires& abstract_;
  const PatternLimits& limits_;
  const std::function<void(const Pattern&)>& found_;
  std::vector<uint32_t> candidates_;
  std::unordered_map<uint32_t, std::vector<uint32_t>> holders_;  // lock -> acquires while it was held
  Pattern path_;
  uint32_t length_ = 0;
  bool is_longer_possible_ = false;
  bool was_cut_ = false;
  uint64_t steps_ = 0;
  uint64_t found_count_ = 0;
};

bool Search::stand_apart(uint32_t one, uint32_t other) const {
  const AbstractAcquire& first = abstract_.acquires[one];
  const AbstractAcquire& second = abstract_.acquires[other];
  if (first.thread == second.thread || first.wants.lock == second.wants.lock) return false;
  const auto& held = held_by(other);
  return std::ranges::none_of(held_by(one), [&](const HeldLock& mine) {
    return std::ranges::any_of(held, [&](const HeldLock& theirs) { return excludes(mine, theirs); });
  });
}

bool Search::fits(uint32_t number) const {
  return std::ranges::all_of(path_, [&](uint32_t member) { return stand_apart(member, number); });
}

void Search::extend() {
  const uint32_t last = path_.back();
  if (path_.size() == length_) {
    is_longer_possible_ = true;
    if (!waits_for(last, path_.front())) return;
    if (found_count_ == limits_.patterns) {
      was_cut_ = true;
      return;
    }
    ++found_count_;
    found_(path_);
    return;
  }
  const auto holders = holders_.find(abstract_.acquires[last].wants.lock);
  if (holders == holders_.end()) return;
  // The smallest member is the first; the candidates come in order.
  const std::vector<uint32_t>& next = holders->second;
  for (auto each = std::ranges::upper_bound(next, path_.front()); each != next.end(); ++each) {
    if (++steps_ > limits_.steps) was_cut_ = true;
    if (was_cut_) return;
    if (!waits_for(last, *each) || !fits(*each)) continue;
    path_.push_back(*each);
    extend();
    path_.pop_back();
  }
}

}  // namespace

PatternSearch find_patterns(const AbstractAcquires& abstract, const PatternLimits& limits,
                            const std::function<void(const Pattern&)>& found) {
  return Search(abstract, limits, found).run();
}

}  // namespace gordian::predict
