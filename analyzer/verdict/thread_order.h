// What of one thread comes before what of another in every schedule: the transitive closure of creation and
// join, as vector clocks would have it (L. Lamport, Time, Clocks, and the Ordering of Events in a Distributed
// System, CACM 21(7), 1978), but worked out only for the moments that are asked for.
//
// Promises: an answer of `true` rests on links alone, each of which holds in every schedule; links that the
// record lacks can only make it `false`. Answers are remembered. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "analyzer/model/lock_order.h"

namespace gordian::verdict {

// A part of a thread's life: its segments from the first to the last.
struct Span {
  uint32_t thread_serial = 0;
  uint32_t first_segment = 0;
  uint32_t last_segment = 0;
};

class ThreadOrder {
 public:
  explicit ThreadOrder(const std::vector<model::ThreadLink>& links);

  // Whether all of `one` is over before `other` begins.
  bool before(const Span& one, const Span& other);

  // Whether one of the two is over before the other begins, in every schedule.
  bool apart(const Span& one, const Span& other);

  // Links followed so far: what the answers have cost.
  uint64_t steps() const { return steps_; }

 private:
  using Moment = std::pair<uint32_t, uint32_t>;  // serial, segment
  using Reached = std::map<uint32_t, uint32_t>;  // the earliest segment of each thread that comes after

  const Reached& after(Moment moment);

  std::vector<model::ThreadLink> links_;  // by thread, its latest segment first
  std::map<Moment, Reached> known_;
  size_t known_size_ = 0;
  uint64_t steps_ = 0;
};

}  // namespace gordian::verdict
