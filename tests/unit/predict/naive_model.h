// The definition itself, by exhaustion: walks every sync-preserving correct reordering of a tiny trace, event
// by event, and looks at each state for deadlocks and races. Shares nothing with the closure.
#pragma once

#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "analyzer/predict/trace.h"

namespace gordian::predict {

// What one thread of a deadlock wants and holds; the deadlock is told by all of them, sorted.
using Waiting = std::tuple<uint32_t, bool, std::set<std::pair<uint32_t, bool>>>;
using DeadlockShape = std::multiset<Waiting>;

// The two events, as numbers in the trace, the smaller one first.
using RacingEvents = std::pair<size_t, size_t>;

struct Reached {
  std::set<DeadlockShape> deadlocks;
  std::set<RacingEvents> races;
};

Reached reached_by_exhaustion(const Trace& trace);

}  // namespace gordian::predict
