// Which locks each thread holds, event by event, as numbered sets: the same locks are the same number.
//
// Promises: sets are sorted; set 0 is the empty one. `look_at` every event of the trace in its order.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "analyzer/predict/trace.h"

namespace gordian::predict {

struct HeldLock {
  uint32_t lock = 0;
  bool shared = false;
  bool operator==(const HeldLock&) const = default;
  auto operator<=>(const HeldLock&) const = default;
};

using HeldSet = std::vector<HeldLock>;

class HeldSets {
 public:
  explicit HeldSets(const Trace& trace);

  void look_at(const Event& event);
  // What the thread holds now.
  uint32_t number_of(uint32_t thread);
  bool holds_something(uint32_t thread) const { return !threads_[thread].held.empty(); }

  const std::vector<HeldSet>& sets() const { return sets_; }
  std::vector<HeldSet> take() { return std::move(sets_); }

 private:
  struct Thread {
    HeldSet held;
    uint32_t number = 0;  // kNone: to be looked up
  };
  std::vector<Thread> threads_;
  std::vector<HeldSet> sets_;
  std::map<HeldSet, uint32_t> numbers_;
};

// Whether two threads with these cannot be in their sections at once.
bool exclude_each_other(const HeldSet& one, const HeldSet& other);

}  // namespace gordian::predict
