// What two reports differ in: findings and lock orders that are new, and those that are gone.
//
// Promises: values in, values out; no I/O. Findings are the same by rule and fingerprint (by rule and summary
// where there is no fingerprint), lock orders by `identity_of`: neither addresses nor lines count. What is
// gone from a run need not be mended: the run may have gone another way.
#pragma once

#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

struct Difference {
  std::vector<Finding> new_findings;
  std::vector<Finding> gone_findings;
  std::vector<OrderEdge> new_orders;  // one of each identity, sorted
  std::vector<OrderEdge> gone_orders;
};

Difference compare(const Report& earlier, const Report& now);

// The findings among the new ones that are not suppressed and are graded `floor` or stronger.
size_t count_at_least(const Difference& difference, Grade floor);

}  // namespace gordian::finding
