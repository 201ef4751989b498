// What is held at an attempt, as sets that are compared: two threads cannot both be where they hold the same
// lock. Such a lock is a guard: it rules the cycle out.
//
// Promises: equal sets have one number, and each pair of numbers is compared once. A lock that admits several
// holders (both sides shared, a semaphore of several units or of an unknown number) guards nothing.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "analyzer/model/lock_order_graph.h"

namespace gordian::verdict {

inline constexpr uint32_t kNoLock = UINT32_MAX;

class HeldSets {
 public:
  explicit HeldSets(const model::LockOrder& order)
      : order_(order), of_step_(order.steps.size(), kUnknown), sets_(1), numbers_{{{}, 0}} {}

  // The number of the set of what is held where the step is asked for.
  uint32_t at(uint32_t step);

  // Those in it that admit several threads, and a known number of them.
  std::vector<uint32_t> semaphores(uint32_t set) const;

  bool contains(uint32_t set, uint32_t lock) const;

  // A lock that cannot be in both; kNoLock when there is none.
  uint32_t guard(uint32_t one, uint32_t other);

 private:
  struct Held {
    uint32_t lock;
    bool shared;
    friend auto operator<=>(const Held&, const Held&) = default;
  };
  using Set = std::vector<Held>;  // sorted, each lock once
  static constexpr uint32_t kUnknown = UINT32_MAX;

  bool can_guard(uint32_t lock) const;

  const model::LockOrder& order_;
  std::vector<uint32_t> of_step_;  // the set held below that step
  std::vector<Set> sets_;
  std::map<Set, uint32_t> numbers_;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> guards_;
};

}  // namespace gordian::verdict
