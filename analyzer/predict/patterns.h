// Abstract deadlock patterns: cycles of abstract acquires, each of which wants a lock that the next one
// holds.
//
// Promises: the threads of a pattern are distinct, so are the locks that are wanted, and no two hold the same
// lock (a lock held by several, by all for reading, is no exception to the threads' standing side by side). A
// reader and a reader of one lock neither wait for each other nor keep each other out. Each cycle comes once,
// starting at its smallest member; the short ones come first. The search is bounded by steps and by the
// number of patterns; what was cut is told. Source: Tunc, Mathur, Pavlogiannis, Viswanathan, PLDI 2023.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "analyzer/predict/abstract_acquires.h"

namespace gordian::predict {

using Pattern = std::vector<uint32_t>;  // indices in AbstractAcquires::acquires

struct PatternLimits {
  uint32_t length = 0;  // longest cycle to look for; 0: no limit
  uint64_t patterns = 100'000;
  uint64_t steps = 200'000'000;
};

struct PatternSearch {
  uint64_t found = 0;
  bool was_cut = false;      // there may be more
  uint32_t complete_to = 0;  // all cycles up to this length were found
};

PatternSearch find_patterns(const AbstractAcquires& abstract, const PatternLimits& limits,
                            const std::function<void(const Pattern&)>& found);

}  // namespace gordian::predict
