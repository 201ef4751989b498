// From a possible deadlock, as it stands in a report, to the plan by which a run is steered into it.
//
// Promises: pure. A place is taken from the report as module and offset, never as an address: the next run
// has others.
#pragma once

#include <string>
#include <variant>

#include "analyzer/finding/finding.h"
#include "analyzer/record/steering.h"

namespace gordian::cli {

// How one try differs from the next.
struct TryPlan {
  uint32_t patience_ms = 0;
  bool loose = false;           // the innermost frame of a call is enough
  std::vector<uint32_t> skips;  // by part: how often it is let pass first
};

// The same for the same seed and the same outcome of the last try, whose plan is empty for the first.
TryPlan plan_try(uint64_t seed, uint32_t number, uint32_t patience_ms, const record::Steering& last);

// The plan, or why there can be none.
std::variant<record::Steering, std::string> steering_for(const finding::Finding& finding, const TryPlan& how);

}  // namespace gordian::cli
